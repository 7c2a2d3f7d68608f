import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ConnectionSnapshot, PullResult } from '../activities';
import type { DesiredState } from '../storage/connectionDoc';
import type { NeedsReauthReason } from '../storage/grants';
import { disconnect, pause, type RefreshAnswer, reconnect, refresh, resume, type Wish } from '../temporal/connectionMessages';
import { priorities } from '../temporal/taskQueues';
import { connectionActivities } from './activityProxies';
import { backoff } from './backoff';
import { describe, summarize } from './describe';
import { type Failure, failureOf, isOnlyPutOff } from './failure';
import { withLife } from './lifeOfState';
import { nextStep, type Pull, type RefreshToken, type Wait, type WriteWish } from './nextStep';
import { afterFailure, afterLoad, afterPull } from './outcome';
import { identityOf, showPhase } from './showPhase';
import { newState, type SyncInput, type SyncState, untroubled } from './syncState';
import { afterFailedRefresh, afterRefresh, isTold } from './tokenOutcome';

/** Handing over an activity takes as long, on a busy day. */
const SHORTEST_PATIENCE_MS = 2_000;

/**
 * Keeps one Dexcom connection up to date for as long as it lives: history, live polling, sweeps, token refresh.
 * One loop decides and acts; messages only wish, so that there is one writer per connection.
 */
export async function syncConnection({ connectionId, policy, backfillQueue, state: carried }: SyncInput): Promise<void> {
  const activities = connectionActivities(policy, backfillQueue);
  let state: SyncState = { ...(carried ?? newState), stale: true };
  const identity = identityOf(connectionId);
  let pulling: CancellationScope | null = null;
  let asked = state.wantsRefresh ? 1 : 0; // polls asked for …
  let polled = 0; // … those a poll begun afterwards has answered …
  let answered = 0; // … and those answered at all
  let cancelled = false;
  let leaving = false;

  setHandler(refresh, () => newReadings(), { description: 'Poll Dexcom now; answers when it is done' });
  setHandler(pause, (wish) => wished('paused', wish), { description: 'Stop polling until resumed; nothing is lost' });
  setHandler(resume, (wish) => wished('running', wish), { description: 'Go on after a pause' });
  setHandler(disconnect, (wish) => wished('disconnected', wish), { description: 'End this connection for good; its data stays' });
  setHandler(reconnect, () => lookAgain(), { description: 'The connection or its consent has changed: read it again' });
  // Cancel, the button platform engineers reach for, means pause: the loop itself is out of its reach.
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    wished('paused');
  });
  await CancellationScope.nonCancellable(live);

  async function live(): Promise<void> {
    while (!leaving) {
      const poll = asked > answered ? { ...state, live: { ...state.live, nextPollAt: 0 } } : state;
      const step = nextStep(poll, Date.now(), policy);
      state = withLife(state, Date.now());
      setCurrentDetails(describe(identity, state, step, policy));
      if (step.kind === 'wait') await waitFor(step);
      else if (step.kind === 'pull') await pullWindow(step);
      else if (step.kind === 'refreshToken') await renewAccess(step);
      else if (step.kind === 'writeWish') await writeWish(step);
      else await load();

      showPhase(state);
      if (!leaving && isRunFull()) return nextRun();
    }
    await condition(allHandlersFinished);
  }

  function lookAgain(): void {
    state = { ...state, stale: true };
  }

  /** Who has written the wish has the last word; one from the Temporal UI is still to be written. */
  function wished(desired: DesiredState, wish?: Wish): void {
    state = { ...state, stale: true, wished: wish?.recorded ? null : desired };
    if (desired !== 'running') pulling?.cancel();
  }

  async function newReadings(): Promise<RefreshAnswer> {
    const mine = ++asked;
    await condition(() => answered >= mine || leaving);
    return polled >= mine ? 'done' : 'pending';
  }

  async function waitFor({ until, why }: Wait): Promise<void> {
    // Even asked for, no poll is possible now: say so instead of keeping somebody waiting.
    if (asked > answered) {
      answered = asked;
      return;
    }
    const before = state;
    const isDisturbed = (): boolean => state !== before || asked > answered;
    if (until === null) await condition(isDisturbed);
    else await condition(isDisturbed, until - Date.now(), { summary: summarize({ kind: 'wait', until, why }) });
  }

  async function load(): Promise<void> {
    state = { ...state, stale: false };
    try {
      const snapshot = await activities.loadConnection({ connectionId });
      // Told meanwhile that it has changed: what was read may be what was there before.
      if (state.stale) return;
      if (!snapshot) leaving = true;
      else await loaded(snapshot);
    } catch (error) {
      state = { ...state, stale: true, storage: backoff(state.storage, failureOf(error), Date.now(), policy) };
    }
  }

  async function loaded(snapshot: ConnectionSnapshot): Promise<void> {
    const { needsReauth } = state.token;
    state = afterLoad(state, snapshot, Date.now(), policy);
    if (snapshot.needsReauth !== needsReauth && snapshot.needsReauth !== null) await noteRefusal(snapshot.needsReauth);
  }

  async function writeWish({ desired }: WriteWish): Promise<void> {
    try {
      await activities.setDesired({ connectionId, desired });
      state = { ...state, storage: untroubled, wished: state.wished === desired ? null : state.wished };
    } catch (error) {
      state = { ...state, storage: backoff(state.storage, failureOf(error), Date.now(), policy) };
    }
  }

  async function renewAccess(step: RefreshToken): Promise<void> {
    const { kind: _, ...target } = step;
    const options = { summary: summarize(step), priority: { priorityKey: priorities.refreshToken } };
    try {
      const result = await activities.refreshToken.executeWithOptions(options, [{ connectionId, ...target }]);
      state = afterRefresh(counted(state), step, result, Date.now(), policy);
      if (result.kind === 'refused' && isTold(state.token, policy)) await noteRefusal(result.reason);
    } catch (error) {
      const failure = failureOf(error);
      state = afterFailedRefresh(counted(state), failure, Date.now(), policy);
      if (!isOnlyPutOff(failure)) await note(failure);
    }
  }

  async function pullWindow(step: Pull): Promise<void> {
    const answering = asked;
    const { kind: _, ...wanted } = step;
    const { purpose } = wanted;
    const options = { summary: summarize(step), priority: { priorityKey: priorities[purpose] } };
    const window = { connectionId, ...wanted, policy };
    const pull = (): Promise<PullResult> =>
      purpose === 'backfill'
        ? activities.pullHistory.executeWithOptions({ ...options, scheduleToStartTimeout: patienceMs() }, [window])
        : activities.pull.executeWithOptions(options, [window]);
    const scope = new CancellationScope();
    pulling = scope;
    try {
      const result = await scope.run(pull);
      state = afterPull(counted(state), step, result, Date.now(), policy);
      if (result.messages > 0) await deliverOrLeave();
    } catch (error) {
      if (scope.consideredCancelled) return;
      const failure = failureOf(error);
      state = afterFailure(counted(state), step, failure, Date.now(), policy);
      if (failure.type === 'TokenExpired' && state.token.refused !== null) return;
      if (purpose !== 'backfill' && isOnlyPutOff(failure)) {
        // Nothing was polled: whoever asked for it hears that it will be.
        answered = Math.max(answered, answering);
        return;
      }
      // Of a window of history its own activity has noted why.
      if (purpose !== 'backfill' && !state.stale) await note(failure);
    } finally {
      pulling = null;
    }
    // Good or bad, the wish is answered: one that stayed open would override the backoff.
    if (purpose === 'backfill') return;
    polled = answering;
    answered = Math.max(answered, answering);
  }

  /** A crowded queue of history gives its place back when the next poll is due, which would wait behind it. */
  function patienceMs(): number {
    return Math.min(policy.cadenceMs, Math.max(SHORTEST_PATIENCE_MS, state.live.nextPollAt - Date.now()));
  }

  /** What is not delivered now stays in the outbox, which the endpoint's own workflow and `reconcile` empty. */
  async function deliverOrLeave(): Promise<void> {
    await activities.deliver({ connectionId }).catch(() => undefined);
  }

  /** Whoever found it out has recorded what the app is told: it hears of it at once, as of readings. */
  async function noteRefusal(reason: NeedsReauthReason): Promise<void> {
    await note(refusedAs(reason));
    await deliverOrLeave();
  }

  /** For the API's readers and a fresh run; the loop goes by its own state, so a note that is lost changes nothing here. */
  async function note({ type, message }: Failure): Promise<void> {
    const { token, live } = state;
    const nextPollAt = token.needsReauth === null ? live.nextPollAt : token.nextTryAt;
    await activities.noteFailure({ connectionId, type, message, failures: live.failures, nextPollAt }).catch(() => undefined);
  }

  /** Cancel works once per run, so it makes a new one. */
  function isRunFull(): boolean {
    return state.stepsThisRun >= policy.pollsPerRun || workflowInfo().continueAsNewSuggested || cancelled;
  }

  /** What nobody has answered goes with the state, so that nobody holds this up. */
  async function nextRun(): Promise<void> {
    leaving = true;
    await condition(allHandlersFinished);
    const next = { ...state, wantsRefresh: asked > answered, stepsThisRun: 0 };
    await continueAsNew<typeof syncConnection>({ connectionId, policy, backfillQueue, state: next });
  }
}

const counted = (state: SyncState): SyncState => ({ ...state, stepsThisRun: state.stepsThisRun + 1 });

const refusedAs = (reason: NeedsReauthReason): Failure => ({ type: reason, message: 'the grant needs a new consent', retryAfterMs: null });
