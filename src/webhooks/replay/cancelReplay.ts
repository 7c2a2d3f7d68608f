import type { ReplayDoc } from '../../storage/replays';
import type { ReplayServices } from './replayServices';
import { runOf } from './runOf';

/**
 * Nothing more becomes pending by it, and its workflow takes back what has not been tried yet, also of one that is done with looking. One of which
 * nothing waits any more stays as it ended.
 * @returns it as it is now, null if it is not there any more
 * @throws TemporalUnavailable once it is cancelled: its workflow finds out at its next step, and so does a repeated call
 */
export async function cancelReplay(
  { replays, replayed, replayRuns }: Pick<ReplayServices, 'replays' | 'replayed' | 'replayRuns'>,
  replay: ReplayDoc,
): Promise<ReplayDoc | null> {
  await replays.end(replay, 'cancelled', Date.now());
  const ended = await replays.load(replay.teamId, replay._id);
  if (ended?.outcome === 'done' && (await replayed.asideBy(ended, runOf(ended).id)).length > 0) await replays.recall(ended, Date.now());

  const now = await replays.load(replay.teamId, replay._id);
  if (now?.outcome === 'cancelled')
    await replayRuns.ensureRunning({ operationId: now._id, teamId: now.teamId, endpointId: now.endpointId });
  return now;
}
