import type { DrainResult } from '../activities/backlogActivities';
import type { Deliveries, DeliveryCursor, DeliveryDoc } from '../storage/deliveries';
import type { Messages } from '../storage/messages';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { BacklogPolicy } from '../workflows/backlogPolicy';
import { drainBatch } from './drainBatch';
import type { InFlight } from './inFlight';
import { createPace } from './pace';
import type { PostFailure, Sender } from './sender';

export interface Draining {
  readonly messages: Messages;
  readonly endpoints: WebhookEndpoints;
  readonly deliveries: Deliveries;
  readonly sender: Sender;
  readonly inFlight: InFlight;
}

export interface Drain {
  readonly endpointId: string;
  readonly teamId: string;
  readonly policy: BacklogPolicy;
  /** Stops between and within posts. */
  readonly signal: AbortSignal;
  /** Called after every post. */
  progress(accepted: number): void;
}

/** What a drain has seen so far. */
export interface DrainRun {
  accepted: number;
  /** Since when answers take too long for an inline try. */
  slowSince: number | null;
  failure: PostFailure | null;
  /** Waits for the next post's turn. */
  readonly pace: () => Promise<void>;
}

const BATCH = 50;

/**
 * Posts what is pending for one endpoint, oldest first, with the full time for each.
 * @see DrainResult
 * @throws whatever storage threw, or the signal's reason
 */
export async function drainBacklog(deps: Draining, drain: Drain): Promise<DrainResult> {
  const { teamId, endpointId, policy } = drain;
  const stopAt = Date.now() + policy.drainMs;
  let run: DrainRun | null = null;
  let cursor: DeliveryCursor | null = null;

  for (;;) {
    // With every batch: its owner may have changed it, and a straggler of an earlier drain may have called it healthy.
    const endpoint = await deps.endpoints.markFailing(teamId, endpointId);
    if (!endpoint) return { kind: 'gone', accepted: run?.accepted ?? 0 };
    const perSecond = Math.min(policy.postsPerSecond, endpoint.rateLimit ?? Infinity);
    run ??= { accepted: 0, slowSince: endpoint.slowSince, failure: null, pace: createPace(perSecond) };
    if (run.accepted >= policy.drainMessages || Date.now() >= stopAt) return { kind: 'more', accepted: run.accepted };

    const batch: DeliveryDoc[] = await deps.deliveries.queueOf({ teamId, endpointId }, cursor, BATCH);
    const last = batch.at(-1);
    if (last) {
      await drainBatch(deps, drain, endpoint, batch, run);
      if (run.failure) return { kind: 'failed', accepted: run.accepted, error: run.failure.error, retryAfterMs: run.failure.retryAfterMs };
      cursor = { createdAt: last.createdAt, _id: last._id };
      continue;
    }

    // What was committed late lies behind the cursor.
    const fromStart = cursor === null;
    cursor = null;
    if (!fromStart) continue;
    await deps.endpoints.markHealthy(teamId, endpointId, run.slowSince);
    // Whoever left something pending before that read "failing" and relies on this look.
    if (!(await deps.deliveries.hasPending({ teamId, endpointId }))) return { kind: 'drained', accepted: run.accepted };
  }
}
