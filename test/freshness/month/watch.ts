import { mayReachBack } from '../../../src/freshness/lateUpload';
import type { SyncPolicy } from '../../../src/freshness/policy';
import { DAY, DAYS, HOUR, MINUTE, type Person, type Reading, START } from './people';
import { seeded } from './random';

/** What a poll shows. Unix milliseconds. */
export interface Shown {
  readonly now: number;
  readonly newestAt: number | null;
  readonly created: number;
}

/** @returns when to ask again */
export type Schedule = (shown: Shown) => number;

/** What a month came to. */
export interface Month {
  readonly polls: readonly number[];
  /** Of each reading that became visible in the month and was asked for: how long that took, milliseconds, ascending. */
  readonly lateMs: readonly number[];
  /** Visible for more than a day and never asked for. */
  readonly lost: number;
  /** Every call to Dexcom, those for tokens and events too, for each reading. */
  readonly callsPerReading: number;
}

/** Access tokens live for two hours and are renewed five minutes ahead. */
const TOKEN_MS = 2 * HOUR - 5 * MINUTE;

/**
 * A person's month by events: no clock, no server. Each poll reads back a day; hourly it reads three days, daily thirty.
 * @param besidesEveryMs another call, for what its person writes down
 */
export function watch({ readings }: Person, schedule: Schedule, policy: SyncPolicy, besidesEveryMs = Infinity): Month {
  const draw = seeded(1);
  const end = START + DAYS * DAY;
  const polls: number[] = [];
  const lateMs: number[] = [];
  const waiting = new Waiting(readings);
  let nextSweepAt = START;
  let nextDeepSweepAt = START;
  let newestAt: number | null = null;
  let askedAt = START;
  while (askedAt < end) {
    // Timers fire late, and tasks wait their turn.
    const now = Math.round(askedAt + 100 + draw() * 600);
    const isDeep = now >= nextDeepSweepAt;
    const isSweep = isDeep || now >= nextSweepAt;
    const reachMs = isDeep ? policy.deepSweepMs : isSweep ? policy.sweepMs : policy.overlapMs;
    if (isSweep) nextSweepAt = now + policy.sweepEveryMs;
    if (isDeep) nextDeepSweepAt = now + policy.deepSweepEveryMs;

    polls.push(now);
    const found = waiting.take(now, now - reachMs);
    for (const { visibleAt } of found) if (visibleAt >= START) lateMs.push(now - visibleAt);
    const look = { now, newestAt: waiting.newestSince(now - reachMs), created: polls.length === 1 ? 0 : found.length };
    if (mayReachBack({ newestAt, delayMs: null, missesInARow: polls.length - 1 }, look, policy)) nextDeepSweepAt = now;
    newestAt = look.newestAt ?? newestAt;
    askedAt = schedule(look);
    if (!(askedAt > now)) throw new Error(`asked to look at ${askedAt} at ${now}`);
  }
  const lost = waiting.left(end - DAY);
  const calls = polls.length + (DAYS * DAY) / TOKEN_MS + (DAYS * DAY) / besidesEveryMs;
  return { polls, lateMs: lateMs.toSorted((a, b) => a - b), lost, callsPerReading: calls / (lateMs.length + lost) };
}

/** Readings in the order in which they become visible. */
class Waiting {
  readonly #inOrder: readonly Reading[];
  #next = 0;
  #newestAt = -Infinity;
  #unread: Reading[] = [];

  constructor(readings: readonly Reading[]) {
    this.#inOrder = readings.toSorted((a, b) => a.visibleAt - b.visibleAt);
  }

  /** Those a poll shows for the first time. */
  take(now: number, from: number): readonly Reading[] {
    for (let reading = this.#inOrder[this.#next]; reading && reading.visibleAt <= now; reading = this.#inOrder[++this.#next]) {
      this.#newestAt = Math.max(this.#newestAt, reading.measuredAt);
      this.#unread.push(reading);
    }
    const found = this.#unread.filter(({ measuredAt }) => measuredAt >= from);
    if (found.length > 0) this.#unread = this.#unread.filter(({ measuredAt }) => measuredAt < from);
    return found;
  }

  newestSince(from: number): number | null {
    return this.#newestAt >= from ? this.#newestAt : null;
  }

  left(visibleBefore: number): number {
    return this.#unread.filter(({ visibleAt }) => visibleAt < visibleBefore && visibleAt >= START).length;
  }
}

/** @param share 0 … 1, of values in ascending order */
export const percentileOf = (ascending: readonly number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? Number.NaN;
