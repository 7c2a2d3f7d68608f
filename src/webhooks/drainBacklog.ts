import type { DrainResult, Trouble } from '../activities/backlogActivities';
import type { Attempts } from '../storage/attempts';
import type { Deliveries, DeliveryDoc } from '../storage/deliveries';
import type { Messages } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { BacklogPolicy } from '../workflows/backlogPolicy';
import type { Suspect } from './convict';
import { drainBatch } from './drainBatch';
import { endByFailure } from './endByFailure';
import type { InFlight } from './inFlight';
import { logAttempt } from './logAttempt';
import { createPace } from './pace';
import { queueAhead } from './queueAhead';
import { retryAside } from './retryAside';
import type { PostFailure, Sender } from './sender';
import { settleStanding } from './settleStanding';
import { takeUpMissed } from './takeUpMissed';
import type { EndpointAlarms } from './tellTeam';
import { isUnanswered, troubleOf } from './verdict';

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
  /** Whatever it has asked for before: somebody wants it tried now. */
  readonly hurried?: boolean;
  /** In a row before this drain: the next wait depends on it. */
  readonly failures?: number;
  /** Stops between and within posts. */
  readonly signal: AbortSignal;
  /** Called after every post, before every batch, and while a post's turn is waited for. */
  progress(accepted: number): void;
}

/** What a drain has seen so far. */
export interface DrainRun {
  /** By whatever URL. */
  accepted: number;
  lastAcceptedAt: number | null;
  firstFailedAt: number | null;
  /** Since when answers take too long for an inline try. */
  slowSince: number | null;
  /** Not taken, and nothing taken since: their fault or the endpoint's. */
  readonly suspects: Suspect[];
  /** What has shown that the endpoint is failing. */
  failure: PostFailure | null;
  /** When the endpoint is tried next after that, Unix milliseconds; null while that is not known. */
  nextTryAt: number | null;
  /** No post begins later, Unix milliseconds: a drain that outlasts its activity's time would lose what its last posts brought. */
  readonly stopAt: number;
  /** Where it posts: what is known of endpoint and suspects is what this one has answered. */
  url: string | null;
  /** Waits for the next post's turn. */
  readonly pace: () => Promise<void>;
}

/** The first is posted one by one. */
const FIRST_BATCH = 50;
/** Of a connection's events one is posted at a time: in a longer batch fewer of the lanes are idle at its end. */
const BATCH = 100;
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
    ...{ accepted: 0, lastAcceptedAt: null, firstFailedAt: null, slowSince: null, suspects: [], failure: null, nextTryAt: null, url: null },
    stopAt: Date.now() + drain.policy.drainMs,
    pace: createPace(drain.postsPerSecond),
  };
  if (drain.hurried) await deps.endpoints.dropWait(drain.teamId, drain.endpointId);
  const result = await drainQueue(deps, drain, run);
  // Nobody was taken after them: nothing counts against them.
  for (const { delivery, outcome } of run.suspects) await logAttempt(deps, delivery, outcome, run.nextTryAt);
  if (result.kind === 'gone') return result;
  return (await settleStanding(deps, drain, run)) ? { kind: 'gone', accepted: run.accepted } : result;
}

async function drainQueue(deps: Draining, drain: Drain, run: DrainRun): Promise<DrainResult> {
  const { deliveries, endpoints } = deps;
  const { teamId, endpointId, policy } = drain;
  const queue = queueAhead(deliveries, drain);
  let fromStart = !drain.anywhere;

  for (;;) {
    // Nothing may be posted for a while, and whoever is not heard of has another drain begun beside him.
    drain.progress(run.accepted);
    // With every batch: its owner may have changed it, and a straggler of an earlier drain may have called it healthy.
    const endpoint = await endpoints.markFailing(teamId, endpointId);
    if (!endpoint) return { kind: 'gone', accepted: run.accepted };
    if (endpoint.url !== run.url) await moveTo(deps, run, endpoint.url);
    const waitMs = (endpoint.notBefore ?? 0) - Date.now();
    if (waitMs > 0) return { kind: 'failed', accepted: run.accepted, trouble: 'busy', error: 'Retry-After', retryAfterMs: waitMs };
    if (run.accepted === 0) run.slowSince = endpoint.slowSince;
    if (run.accepted >= policy.drainMessages || Date.now() >= run.stopAt) return unfinished(deps, drain, endpoint, run);

    const missed = await takeUpMissed(deps, endpoint);
    const batch: readonly DeliveryDoc[] = beginning(await queue.next(batchOf(endpoint, run)), fromStart).filter(
      ({ _id }) => !run.suspects.some(({ delivery }) => delivery._id === _id),
    );
    if (batch.length > 0) {
      const whole = await drainBatch(deps, drain, endpoint, batch, run);
      if (run.failure) return failed(drain, run, run.failure);
      fromStart = true;
      if (whole) queue.pass();
      continue;
    }

    // What was committed late, or passed over, lies behind the cursor.
    const again = queue.rewind() || missed === 'more';
    if (again) continue;
    const [suspect] = run.suspects;
    if (suspect) return failed(drain, run, suspect.outcome);

    await endpoints.markHealthy(teamId, endpointId, run.slowSince);
    // Whoever left something pending before that read "failing" and relies on this look.
    if (await deliveries.hasQueue(drain)) continue;
    const tried = await retryAside(deps, drain, endpoint, run);
    if (run.failure) return failed(drain, run, run.failure);
    if (!tried) continue;
    const [next] = await deliveries.asideOf(drain, 1);
    // A replay leaves many at once.
    if (next?.nextAttemptAt && next.nextAttemptAt <= Date.now()) continue;
    return { kind: 'drained', accepted: run.accepted, dueAt: earliest(missed, next?.nextAttemptAt ?? null) };
  }
}

/** What the former URL has answered speaks neither for this one nor against it, and what it has refused is posted to this one at once. */
async function moveTo(deps: Draining, run: DrainRun, url: string): Promise<void> {
  const refusedThere = run.suspects.splice(0);
  run.url = url;
  run.lastAcceptedAt = null;
  run.firstFailedAt = null;
  for (const { delivery, outcome } of refusedThere) await logAttempt(deps, delivery, outcome);
}

const beginning = (batch: readonly DeliveryDoc[], fromStart: boolean): readonly DeliveryDoc[] =>
  fromStart ? batch : batch.slice(Math.floor(Math.random() * batch.length));

/**
 * The limits are reached. Where nothing was taken, what was refused decides, or an endpoint that refuses slowly would be asked without a pause for
 * ever. Where something was, those that stand aside have their turn: a queue may never run empty.
 */
async function unfinished(deps: Draining, drain: Drain, endpoint: WebhookEndpointDoc, run: DrainRun): Promise<DrainResult> {
  const [suspect] = run.suspects;
  if (run.accepted === 0) return suspect ? failed(drain, run, suspect.outcome) : { kind: 'more', accepted: 0 };
  await retryAside(deps, drain, endpoint, run);
  return run.failure ? failed(drain, run, run.failure) : { kind: 'more', accepted: run.accepted };
}

function batchOf({ rateLimit }: WebhookEndpointDoc, { accepted }: DrainRun): number {
  const batch = accepted === 0 ? FIRST_BATCH : BATCH;
  return rateLimit === null ? batch : Math.min(batch, Math.ceil(rateLimit * LIMITED_BATCH_S));
}

const earliest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

function failed(drain: Drain, run: DrainRun, failure: PostFailure): DrainResult {
  endByFailure(drain, run, failure);
  return {
    kind: 'failed',
    accepted: run.accepted,
    trouble: troubleIn(run, failure, drain.policy),
    error: failure.error,
    retryAfterMs: failure.retryAfterMs,
    ...(run.nextTryAt !== null && { waitMs: Math.max(0, run.nextTryAt - Date.now()) }),
  };
}

function troubleIn({ suspects }: DrainRun, failure: PostFailure, policy: BacklogPolicy): Trouble {
  if (suspects.length >= policy.suspects) return 'refused';
  // Silence may be the message's fault as well, if that was the only one: the next that comes can tell.
  const alone = isUnanswered(failure.status) && suspects.some(({ outcome }) => outcome === failure);
  return alone ? 'doubtful' : troubleOf(failure.status);
}
