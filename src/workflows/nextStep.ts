import type { PullPurpose } from '../activities';
import { isComplete, unbrokenBackTo, type Window, windowsLeft } from '../freshness/backfillWindows';
import type { SyncPolicy } from '../freshness/policy';
import type { DesiredState } from '../storage/connectionDoc';
import type { LiveState, PutOff, SyncState, TokenState } from './syncState';

/** One thing for a connection's workflow to do. Instants are Unix milliseconds. */
export type Step = WriteWish | Load | RefreshToken | Pull | Wait;

/** Write what was wished from the Temporal UI. */
export interface WriteWish {
  readonly kind: 'writeWish';
  readonly desired: DesiredState;
}

/** Read the connection and its grant. */
export interface Load {
  readonly kind: 'load';
}

export interface RefreshToken {
  readonly kind: 'refreshToken';
  readonly reason: 'expiring' | 'refused';
  /** See `SyncActivities.refreshToken`. */
  readonly step: 'spend' | 'reread' | 'confirm';
  /** Sends that follow if this one is refused. */
  readonly attemptsLeft: number;
  readonly knownExpiresAt: number;
}

/** Read what Dexcom has of `[from, to)`. */
export interface Pull extends Window {
  readonly kind: 'pull';
  readonly purpose: PullPurpose;
  /** Of history: when it must be out of the way. */
  readonly yieldAt?: number;
}

/** Sleep; `until` null means until told otherwise. */
export interface Wait {
  readonly kind: 'wait';
  readonly until: number | null;
  readonly why: string;
}

/** Dexcom's times are whole seconds: a shorter window may be an empty question. */
const SHORTEST_WINDOW_MS = 2_000;
/** An outage is noticed by this many windows; the others stay untouched until one of them is read. */
const MOST_TROUBLED = 3;

/**
 * Decides what the workflow does at `now`. Pure and total: every state has a next step, and a test can ask for any of them.
 * What is due goes before history, so that a long backfill never makes a reading late.
 */
export function nextStep(state: SyncState, now: number, policy: SyncPolicy): Step {
  const { wished, stale, storage, desired, token } = state;
  if ((wished !== null || stale) && now < storage.nextTryAt) return wait(storage.nextTryAt, 'storage does not answer, next try');
  if (wished !== null) return { kind: 'writeWish', desired: wished };
  if (stale) return { kind: 'load' };
  if (desired !== 'running') return wait(null, 'paused until resumed');
  if (token.needsReauth !== null) return awaitConsent(token, token.needsReauth, now);

  const renewal = renewalDueAt(token);
  if (now >= renewal) return refreshToken(token, policy);
  if (!isUsable(token, now)) return wait(renewal, whyNoToken(token));

  const poll = pollDueAt(state);
  if (now >= poll) return livePull(state, now, policy);
  const window = nextWindow(state, now, policy);
  if (window) return { kind: 'pull', purpose: 'backfill', ...stretchFrom(window, state, policy), yieldAt: poll };
  return waitForNext(state, Math.min(renewal, poll, windowDueAt(state, now)), poll);
}

const isUsable = ({ expiresAt, refused }: TokenState, now: number): boolean => now < expiresAt && refused !== expiresAt;

const renewalDueAt = ({ expiresAt, refreshAt, refused, nextTryAt }: TokenState): number =>
  Math.max(nextTryAt, refused === expiresAt ? 0 : refreshAt);

/** A refused grant is looked at again a few times, since another process may just have renewed it, and sent again ever more rarely. */
function refreshToken({ refused, expiresAt, refusals }: TokenState, { refusedRereadMs, refusedRetryMs }: SyncPolicy): RefreshToken {
  const rereads = refusedRereadMs.length;
  const step = refusals === 0 || refusals > rereads ? 'spend' : refusals === rereads ? 'confirm' : 'reread';
  const attemptsLeft = Math.max(0, refusedRetryMs.length - Math.max(0, refusals - rereads));
  return { kind: 'refreshToken', reason: refused === expiresAt ? 'refused' : 'expiring', step, attemptsLeft, knownExpiresAt: expiresAt };
}

/** A new consent says so itself; looking now and then finds one whose word was lost. */
const awaitConsent = ({ nextTryAt }: TokenState, reason: string, now: number): Step =>
  now < nextTryAt ? wait(nextTryAt, `needs a new consent (${reason}), looking again`) : { kind: 'load' };

const whyNoToken = ({ refusals, error, putOff }: TokenState): string =>
  putOff
    ? `${WHY_PUT_OFF[putOff]}, the access token is renewed`
    : refusals > 0
      ? `Dexcom refused the grant ${refusals} times, next try`
      : `the access token could not be renewed (${error}), next try`;

/** Never below the windows done: what lies there is history, and a live pull would announce it as news. */
const bottomOf = ({ backfill, live }: SyncState): number => (backfill ? unbrokenBackTo(backfill) : live.liveFrom);

const pollDueAt = (state: SyncState): number => Math.max(state.live.nextPollAt, bottomOf(state) + SHORTEST_WINDOW_MS);

/** The hourly and daily looks further back ride on a live pull that is due anyway: one call instead of two. */
function livePull(state: SyncState, now: number, policy: SyncPolicy): Pull {
  const { coveredUntil, nextSweepAt, nextDeepSweepAt } = state.live;
  const purpose = now >= nextDeepSweepAt ? 'deepSweep' : now >= nextSweepAt ? 'sweep' : 'live';
  const reachMs = { live: policy.overlapMs, sweep: policy.sweepMs, deepSweep: policy.deepSweepMs }[purpose];
  const from = Math.max(bottomOf(state), Math.min(coveredUntil - policy.overlapMs, now - reachMs));
  const to = Math.min(now, from + policy.longestWindowMs);
  // Behind by more than a window: catch up first, in windows that meet; the sweep comes with the one that reaches now.
  return { kind: 'pull', purpose: to < now ? 'live' : purpose, from, to };
}

/** Newest first: an app wants last month before last year. A window that fails lets the next one pass. */
function nextWindow({ backfill, troubled, backfillHeldUntil }: SyncState, now: number, policy: SyncPolicy): Window | null {
  if (!backfill || now < backfillHeldUntil) return null;
  for (const window of windowsLeft(backfill, policy.longestWindowMs)) {
    const trouble = troubled.find(({ to }) => to === window.to);
    if (trouble ? now >= trouble.nextTryAt : troubled.length < MOST_TROUBLED) return window;
  }
  return null;
}

/** In quiet times several windows at once, down from this one. In trouble each by itself: what fails must be known, and leave the others alone. */
function stretchFrom(window: Window, { backfill, troubled }: SyncState, { stretchWindows, longestWindowMs }: SyncPolicy): Window {
  if (!backfill || troubled.length > 0 || (backfill.skipped ?? []).length > 0) return window;
  return { from: Math.max(backfill.floor, window.to - stretchWindows * longestWindowMs), to: window.to };
}

/** Called when no window is due. */
function windowDueAt({ backfill, troubled, backfillHeldUntil }: SyncState, now: number): number {
  if (!backfill || isComplete(backfill)) return Infinity;
  return now < backfillHeldUntil ? backfillHeldUntil : Math.min(...troubled.map(({ nextTryAt }) => nextTryAt));
}

function waitForNext({ live }: SyncState, until: number, poll: number): Wait {
  if (until < poll) return wait(until, 'next try of a window or token');
  return wait(until, whyNoPoll(live));
}

function whyNoPoll({ failures, error, putOff }: LiveState): string {
  if (putOff) return `${WHY_PUT_OFF[putOff]}, its turn comes`;
  return failures > 0 ? `next try after ${failures} failed (${error})` : 'next reading due';
}

const WHY_PUT_OFF: Readonly<Record<PutOff, string>> = {
  BudgetSpent: 'others use the calls of its Dexcom app just now',
  RateLimited: 'Dexcom limits the calls of its app just now',
};

const wait = (until: number | null, why: string): Wait => ({ kind: 'wait', until, why });
