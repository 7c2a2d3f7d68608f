import type { ReplayDoc } from '../../storage/replays';
import type { ReplayServices } from './replayServices';

/**
 * Nothing more becomes pending by it, but the page at hand; what is pending still comes. One that is over stays as it ended.
 * @returns it as it is now, null if it is not there any more
 * @throws TemporalUnavailable once it is cancelled: its workflow finds out at its next step
 */
export async function cancelReplay(
  { replays, replayRuns }: Pick<ReplayServices, 'replays' | 'replayRuns'>,
  replay: ReplayDoc,
): Promise<ReplayDoc | null> {
  if (replay.endedAt === null) {
    await replays.end(replay, 'cancelled', Date.now());
    await replayRuns.tellCancelled(replay._id);
  }
  return replays.load(replay.teamId, replay._id);
}
