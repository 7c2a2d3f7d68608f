import type { CallTurn } from '../../src/dexcom/callGate';
import { DexcomError } from '../../src/dexcom/errors';
import { policyFor } from '../../src/freshness/policy';
import { afterLook } from '../../src/freshness/schedule';
import { AppBudget } from '../../src/quota/appBudget';
import { type SlotPlan, slotAt } from '../../src/quota/slots';
import type { CallClosingDoc } from '../../src/storage/callClosings';
import type { CallSlotDoc } from '../../src/storage/callSlots';
import type { FreshnessState } from '../../src/storage/connectionDoc';
import { seeded } from '../freshness/month/random';
import { HOUR, MINUTE, START, unwatched } from './budgetWorld';

const CADENCE = 5 * MINUTE;
const policy = policyFor(CADENCE);

/** What became of the people who share an app. */
export interface FleetDay {
  /** From visible at Dexcom to asked for, milliseconds, ascending; of what became visible after `from`. */
  readonly lateMs: readonly number[];
  /** Of each person, the longest time between two polls after `from`. */
  readonly longestGapMs: readonly number[];
  /** Of each slot that has any, by its start. */
  readonly calls: ReadonlyMap<number, number>;
}

export interface Fleet {
  readonly people: number;
  readonly plan: SlotPlan;
  readonly hours: number;
  /** What counts begins then, in hours. */
  readonly from: number;
  /** Dexcom answers 429 at this hour and asks to wait. */
  readonly closing?: { readonly at: number; readonly hours: number };
}

interface Somebody {
  readonly phase: number;
  readonly delayMs: number;
  freshness: FreshnessState;
  nextPollAt: number;
  /** Everything visible before is known. */
  since: number;
  longestGapMs: number;
}

/** Regular people with the engine's own schedule and budget, polled by two workers as it happens, by events: no clock, no server. */
export async function liveThrough({ people, plan, hours, from, closing }: Fleet): Promise<FleetDay> {
  const draw = seeded(people);
  const clock = { now: START };
  const deps = { ...inMemory(), meter: unwatched, now: () => clock.now, random: draw };
  const workers = [new AppBudget('app', plan, deps), new AppBudget('app', plan, deps)] as const;
  const everybody = Array.from({ length: people }, (): Somebody => {
    const phase = START - HOUR + Math.floor(draw() * CADENCE);
    const freshness = { newestAt: null, delayMs: null, missesInARow: 0 };
    return { phase, delayMs: 30_000 + draw() * 60_000, freshness, nextPollAt: START + draw() * CADENCE, since: START, longestGapMs: 0 };
  });
  const begin = START + from * HOUR;
  const lateMs: number[] = [];
  const calls = new Map<number, number>();
  const opensAt = closing ? START + closing.at * HOUR : Infinity;
  let isClosed = false;

  for (;;) {
    const person = everybody.reduce((first, other) => (other.nextPollAt < first.nextPollAt ? other : first));
    clock.now = Math.max(clock.now, Math.ceil(person.nextPollAt));
    if (clock.now >= START + hours * HOUR) break;
    const budget = workers[draw() < 0.5 ? 0 : 1];
    const wait = await waitOf(budget, { kind: 'live', since: person.since });
    if (wait !== null) {
      person.nextPollAt = clock.now + wait;
      continue;
    }
    if (closing && !isClosed && clock.now >= opensAt) {
      isClosed = true;
      person.nextPollAt = clock.now + (await budget.refused({ kind: 'live', since: person.since }, closing.hours * HOUR));
      continue;
    }
    const { startsAt } = slotAt(clock.now, plan);
    calls.set(startsAt, (calls.get(startsAt) ?? 0) + 1);
    look(person, clock.now, begin, lateMs);
  }
  const longestGapMs = everybody.map((person) => Math.max(person.longestGapMs, clock.now - person.since));
  return { lateMs: lateMs.toSorted((a, b) => a - b), longestGapMs, calls };
}

/** One poll: what became visible since the last one. */
function look(person: Somebody, now: number, begin: number, lateMs: number[]): void {
  const { phase, delayMs, since } = person;
  const nth = (at: number): number => Math.floor((at - delayMs - phase) / CADENCE);
  for (let n = nth(since) + 1; n <= nth(now); n++) {
    const visibleAt = phase + n * CADENCE + delayMs;
    if (visibleAt >= begin) lateMs.push(now - visibleAt);
  }
  const newestAt = phase + nth(now) * CADENCE;
  const after = afterLook(person.freshness, { now, newestAt, created: nth(now) - nth(since) }, policy);
  if (now >= begin) person.longestGapMs = Math.max(person.longestGapMs, now - Math.max(begin, since));
  Object.assign(person, { freshness: after.state, nextPollAt: after.nextPollAt, since: now });
}

async function waitOf(budget: AppBudget, turn: CallTurn): Promise<number | null> {
  try {
    await budget.admit(turn);
    return null;
  } catch (error) {
    if (error instanceof DexcomError && error.retryAfterMs !== null) return error.retryAfterMs;
    throw error;
  }
}

/** What the two collections hold, for both workers. */
function inMemory(): Pick<ConstructorParameters<typeof AppBudget>[2], 'slots' | 'closings'> {
  let slot: CallSlotDoc | null = null;
  let closing: Omit<CallClosingDoc, '_id' | 'rev'> | null = null;
  const current = (): CallSlotDoc => slot ?? fail();
  return {
    slots: {
      async open(app, startsAt, startAfter) {
        if (slot?.startsAt === startsAt) return slot;
        const next = { _id: `${app}:${startsAt}`, app, startsAt, taken: 0, polls: 0, history: 0, short: 0, ...startAfter(slot) };
        slot = next;
        return next;
      },
      async take(_, wanted, most) {
        const { taken, polls } = current();
        const calls = Math.max(0, Math.min(wanted, most.taken - taken, (most.polls ?? Infinity) - polls));
        slot = { ...current(), taken: taken + calls, polls: polls + (most.polls === undefined ? 0 : calls) };
        return { calls, taken: slot.taken };
      },
      async addShort(_, times) {
        slot = { ...current(), short: current().short + times };
      },
    },
    closings: {
      read: async () => closing,
      close: async (_, next) => {
        closing = next(closing) ?? closing;
        return closing;
      },
    },
  };
}

const fail = (): never => {
  throw new Error('no slot is open');
};
