import type { ReplayProgress } from '../../activities/replays';
import type { Attempts } from '../../storage/attempts';
import type { Replays } from '../../storage/replays';
import type { WebhookEndpoints } from '../../storage/webhookEndpoints';
import type { Backlogs } from '../../temporal/backlogs';
import type { ReplayPolicy } from '../../workflows/replayPolicy';
import { choosePage, type Past } from './choosePage';
import { runOf } from './runOf';
import { sendAgain } from './sendAgain';
import { withdraw } from './withdraw';

export interface Replaying extends Past {
  readonly replays: Replays;
  readonly endpoints: WebhookEndpoints;
  readonly attempts: Attempts;
  readonly backlogs: Backlogs;
}

/**
 * Does the next part of a replay: makes pages of it pending, as long as the endpoint keeps up with them, and ends it after the last. Repeatable at any point:
 * a page that somebody died over is chosen again, and what he made pending of it counts and is not posted once more.
 * @throws whatever storage or Temporal threw
 */
export async function replayPart(
  deps: Replaying,
  { teamId, operationId }: { readonly teamId: string; readonly operationId: string },
  policy: ReplayPolicy,
): Promise<ReplayProgress> {
  const until = Date.now() + policy.partMs;
  for (let queuedNow = 0; ; ) {
    const replay = await deps.replays.load(teamId, operationId);
    if (!replay) return { kind: 'over', queuedNow, lookedAt: 0, queued: 0, waiting: 0, outcome: null };
    const progress = { queuedNow, lookedAt: replay.lookedAt, queued: replay.queued, waiting: replay.waiting, outcome: replay.outcome };
    if (replay.endedAt !== null) {
      if (replay.outcome === 'cancelled') await withdraw(deps, replay);
      return { ...progress, kind: 'over' };
    }
    if (Date.now() >= until) return { ...progress, kind: 'more' };

    const endpoint = await deps.endpoints.get({ teamId }, replay.endpointId);
    if (!endpoint || endpoint.disabled) {
      await deps.replays.end(replay, endpoint ? 'endpoint_disabled' : 'endpoint_gone', Date.now());
      continue;
    }
    const target = { teamId, endpointId: endpoint._id };
    const free = policy.mostWaiting - policy.page;
    // A single one need not wait for those of others.
    if (replay.wish.kind !== 'resend' && (await deps.replayed.due(target, Date.now(), free + 1)) > free)
      return { ...progress, kind: 'full' };

    const run = { ...runOf(replay), at: Date.now() };
    const { chosen, waiting, lookedAt, after } = await choosePage(deps, endpoint, replay, run, policy.page);
    await sendAgain(deps, endpoint, { chosen, waiting }, run);
    if (chosen.length > 0 || replay.wish.kind === 'resend') await wake();
    queuedNow += chosen.length;
    const counts = { queued: chosen.length, lookedAt, waiting: waiting.length };
    if (after) await deps.replays.advance(replay, counts, after);
    else await deps.replays.finish(replay, counts, Date.now());

    /** Whoever asks for one event wants to see now whether it is taken. */
    function wake(): Promise<void> {
      return replay?.wish.kind === 'resend' ? deps.backlogs.tryNow(target) : deps.backlogs.wake(target, null);
    }
  }
}
