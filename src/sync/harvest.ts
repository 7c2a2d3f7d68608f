import { afterWindow, isComplete, windowsLeft } from '../freshness/backfillWindows';
import type { BackfillProgress } from '../storage/connectionDoc';
import type { Pull } from './beginPull';
import type { Slice } from './fetchSlices';
import type { Merged } from './mergeIntoDays';

/** What a pull has done so far. */
export interface Harvest {
  /** When Dexcom was asked, the last time; before that, when the pull began. */
  readonly lookedAt: number;
  readonly newestAt: number | null;
  /** In the windows read, known before or not. */
  readonly readings: number;
  /** Stored for the first time, history included. */
  readonly added: number;
  readonly created: number;
  readonly updated: number;
  readonly quarantined: number;
  /** Of what was asked for, all from here on has been read, be it by an earlier attempt. */
  readonly doneBackTo: number;
  /** How far that brings the history. */
  readonly backfill: BackfillProgress;
}

/** Sensors and phones whose clocks are ahead say nothing about when the next reading is due. */
const CLOCK_AHEAD_MS = 5 * 60_000;

export const nothingYet = ({ connection, window }: Pull): Harvest => ({
  lookedAt: Date.now(),
  newestAt: null,
  readings: 0,
  added: 0,
  created: 0,
  updated: 0,
  quarantined: 0,
  doneBackTo: window.to,
  backfill: connection.backfill,
});

/** With one more window stored. */
export function withSlice(pull: Pull, before: Harvest, slice: Slice, stored: Merged & Pick<Harvest, 'quarantined'>): Harvest {
  const readings = inWindow(stored, slice);
  return {
    lookedAt: slice.lookedAt,
    newestAt: latest(before.newestAt, newestOf(slice)),
    readings: before.readings + readings,
    added: before.added + stored.added,
    created: before.created + stored.created,
    updated: before.updated + stored.updated,
    quarantined: before.quarantined + stored.quarantined,
    doneBackTo: slice.window.from,
    backfill: pull.request.purpose === 'backfill' ? historyAfter(pull, before.backfill, slice, readings) : before.backfill,
  };
}

function historyAfter({ request: { policy } }: Pull, before: BackfillProgress, { window, lookedAt }: Slice, readings: number) {
  const after = afterWindow(before, window);
  const left = [...windowsLeft(after, policy.longestWindowMs)].length;
  const leftBefore = [...windowsLeft(before, policy.longestWindowMs)].length;
  if (left === leftBefore && after.doneBackTo === before.doneBackTo) return before;

  const windowsDone = before.windowsDone + 1;
  return {
    ...after,
    windowsDone,
    windowsTotal: windowsDone + left,
    readings: before.readings + readings,
    startedAt: before.startedAt ?? lookedAt,
    endedAt: isComplete(after) ? Date.now() : null,
  };
}

const inWindow = ({ days }: Merged, { window }: Slice): number =>
  days.reduce((sum, { readings }) => sum + readings.filter(({ at }) => at >= window.from && at < window.to).length, 0);

function newestOf({ answer, lookedAt }: Slice): number | null {
  let newest: number | null = null;
  for (const { at } of answer.readings) if (at <= lookedAt + CLOCK_AHEAD_MS) newest = latest(newest, at);
  return newest;
}

const latest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);
