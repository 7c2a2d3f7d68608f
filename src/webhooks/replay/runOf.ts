import type { ReplayRun } from '../../storage/replayedDeliveries';
import type { ReplayDoc } from '../../storage/replays';
import { CLOCKS_APART_MS } from '../clocksApart';

/** What is over may be asked for again, and is another run then. */
export const runOf = ({ _id, startedAt }: Pick<ReplayDoc, '_id' | 'startedAt'>): Omit<ReplayRun, 'at'> => ({
  id: `${_id}:${startedAt}`,
  since: startedAt + CLOCKS_APART_MS,
});
