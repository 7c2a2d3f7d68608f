import type { DrainResult } from '../activities/backlogActivities';
import type { Attempts } from '../storage/attempts';
import type { Deliveries, DeliveryCursor, DeliveryDoc } from '../storage/deliveries';
import type { Messages } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { BacklogPolicy } from '../workflows/backlogPolicy';
import type { Suspect } from './convict';
import { drainBatch } from './drainBatch';
import type { InFlight } from './inFlight';
import { logAttempt } from './logAttempt';
import { createPace } from './pace';
import { retryAside } from './retryAside';
import type { PostFailure, Sender } from './sender';
import { settleStanding } from './settleStanding';
import { takeUpMissed } from './takeUpMissed';
import type { EndpointAlarms } from './tellTeam';
import { troubleOf } from './verdict';

export interface Draining {
  readonly messages: Messages;
  readonly endpoints: WebhookEndpoints;
  readonly deliveries: Deliveries;
  readonly attempts: Attempts;
  readonly sender: Sender;
  readonly inFlight: InFlight;
  readonly alarms: EndpointAlarms;
}

export interface Drain {
  readonly endpointId: string;
  readonly teamId: string;
  readonly policy: BacklogPolicy;
  readonly postsPerSecond: number;
  /** Begin at any of the oldest: they themselves may be what is not taken. */
  readonly anywhere: boolean;
  /** Stops between and within posts. */
  readonly signal: AbortSignal;
  /** Called after every post. */
  progress(accepted: number): void;
}

/** What a drain has seen so far. */
export interface DrainRun {
  accepted: number;
  lastAcceptedAt: number | null;
  firstFailedAt: number | null;
  /** Since when answers take too long for an inline try. */
  slowSince: number | null;
  /** Refused, and nothing taken since: their fault or the endpoint's. */
  readonly suspects: Suspect[];
  /** What has shown that the endpoint is failing. */
  failure: PostFailure | null;
  /** Waits for the next post's turn. */
  readonly pace: () => Promise<void>;
}

const BATCH = 50;
/** A batch of an endpoint with a rate limit ends after so long: what its owner changes is seen with the next. */
const LIMITED_BATCH_S = 5;

/**
 * Posts what is pending for one endpoint, oldest first, with the full time for each; what it refuses while it takes others is set aside and
 * tried again when due.
 * @see DrainResult
 * @throws whatever storage threw, or the signal's reason
 */
export async function drainBacklog(deps: Draining, drain: Drain): Promise<DrainResult> {
  const run: DrainRun = {
    ...{ accepted: 0, lastAcceptedAt: null, firstFailedAt: null, slowSince: null, suspects: [], failure: null },
    pace: createPace(drain.postsPerSecond),
  };
  const result = await drainQueue(deps, drain, run);
  // Nobody was taken after them: nothing counts against them.
  for (const { delivery, outcome } of run.suspects) await logAttempt(deps, delivery, outcome);
  if (result.kind === 'gone') return result;
  return (await settleStanding(deps, drain, run)) ? { kind: 'gone', accepted: run.accepted } : result;
}

async function drainQueue(deps: Draining, drain: Drain, run: DrainRun): Promise<DrainResult> {
  const { deliveries, endpoints } = deps;
  const { teamId, endpointId, policy } = drain;
  const stopAt = Date.now() + policy.drainMs;
  let cursor: DeliveryCursor | null = null;
  let fromStart = !drain.anywhere;

  for (;;) {
    // With every batch: its owner may have changed it, and a straggler of an earlier drain may have called it healthy.
    const endpoint = await endpoints.markFailing(teamId, endpointId);
    if (!endpoint) return { kind: 'gone', accepted: run.accepted };
    if (run.accepted === 0) run.slowSince = endpoint.slowSince;
    if (run.accepted >= policy.drainMessages || Date.now() >= stopAt) return { kind: 'more', accepted: run.accepted };

    const missed = await takeUpMissed(deps, endpoint);
    const batch: readonly DeliveryDoc[] = beginning(await deliveries.queueOf(drain, cursor, batchOf(endpoint)), fromStart).filter(
      ({ _id }) => !run.suspects.some(({ delivery }) => delivery._id === _id),
    );
    const last = batch.at(-1);
    if (last) {
      await drainBatch(deps, drain, endpoint, batch, run);
      if (run.failure) return failed(drain, run, run.failure);
      cursor = { createdAt: last.createdAt, _id: last._id };
      fromStart = true;
      continue;
    }

    // What was committed late, or passed over, lies behind the cursor.
    const again = cursor !== null || missed === 'more';
    cursor = null;
    if (again) continue;
    const [suspect] = run.suspects;
    if (suspect) return failed(drain, run, suspect.outcome);

    await endpoints.markHealthy(teamId, endpointId, run.slowSince);
    // Whoever left something pending before that read "failing" and relies on this look.
    if (await deliveries.hasQueue(drain)) continue;
    await retryAside(deps, drain, endpoint, run);
    if (run.failure) return failed(drain, run, run.failure);
    const [next] = await deliveries.asideOf(drain, 1);
    return { kind: 'drained', accepted: run.accepted, dueAt: earliest(missed, next?.nextAttemptAt ?? null) };
  }
}

const beginning = (batch: readonly DeliveryDoc[], fromStart: boolean): readonly DeliveryDoc[] =>
  fromStart ? batch : batch.slice(Math.floor(Math.random() * batch.length));

const batchOf = ({ rateLimit }: WebhookEndpointDoc): number =>
  rateLimit === null ? BATCH : Math.min(BATCH, Math.ceil(rateLimit * LIMITED_BATCH_S));

const earliest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

function failed({ policy }: Drain, run: DrainRun, failure: PostFailure): DrainResult {
  run.failure = failure;
  const trouble = run.suspects.length < policy.suspects ? troubleOf(failure.status) : 'refused';
  return { kind: 'failed', accepted: run.accepted, trouble, error: failure.error, retryAfterMs: failure.retryAfterMs };
}
