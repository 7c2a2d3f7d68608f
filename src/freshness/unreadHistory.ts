import type { BackfillProgress } from '../storage/connectionDoc';
import type { Window } from './backfillWindows';
import { LONGEST_WINDOW_MS } from './policy';

/** A history of which nothing has been read yet. */
export const unreadHistory = ({ from, to }: Window): BackfillProgress => ({
  floor: from,
  ceiling: to,
  doneBackTo: to,
  windowsDone: 0,
  windowsTotal: Math.ceil((to - from) / LONGEST_WINDOW_MS),
  readings: 0,
  startedAt: null,
  endedAt: null,
});
