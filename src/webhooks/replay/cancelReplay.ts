import type { ReplayDoc } from '../../storage/replays';
import type { ReplayServices } from './replayServices';

/**
 * Nothing more becomes pending by it, and its workflow takes back what has not been tried yet. One that is over otherwise stays as it ended.
 * @returns it as it is now, null if it is not there any more
 * @throws TemporalUnavailable once it is cancelled: its workflow finds out at its next step, and so does a repeated call
 */
export async function cancelReplay(
  { replays, replayRuns }: Pick<ReplayServices, 'replays' | 'replayRuns'>,
  replay: ReplayDoc,
): Promise<ReplayDoc | null> {
  if (replay.endedAt === null) await replays.end(replay, 'cancelled', Date.now());
  const now = await replays.load(replay.teamId, replay._id);
  if (now?.outcome === 'cancelled')
    await replayRuns.ensureRunning({ operationId: now._id, teamId: now.teamId, endpointId: now.endpointId });
  return now;
}
