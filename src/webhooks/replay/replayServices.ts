import type { Replays } from '../../storage/replays';
import type { ReplayRuns } from '../../temporal/replayRuns';
import type { Past } from './choosePage';

/** What asking for replays needs. */
export interface ReplayServices extends Past {
  readonly replays: Replays;
  readonly replayRuns: ReplayRuns;
}
