import type { CallTurn } from '../../src/dexcom/callGate';
import { DexcomError } from '../../src/dexcom/errors';
import { AppBudget } from '../../src/quota/appBudget';
import type { CallMeter } from '../../src/quota/meter';
import type { SlotPlan } from '../../src/quota/slots';
import { CallClosings } from '../../src/storage/callClosings';
import { CallSlots } from '../../src/storage/callSlots';
import type { Database } from '../../src/storage/database';

export const START = Date.parse('2026-11-01T00:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const history: CallTurn = { kind: 'history' };
export const signIn: CallTurn = { kind: 'signIn' };
export const token: CallTurn = { kind: 'token' };
/** Somebody who has waited long. */
export const live: CallTurn = { kind: 'live', since: 0 };

export const unwatched: CallMeter = { sent: () => undefined, putOff: () => undefined, refused: () => undefined, left: () => undefined };

/** Counts what an operator would see, by `<what> <kind> <why>`. */
export function countingMeter(): CallMeter & { readonly counts: ReadonlyMap<string, number> } {
  const counts = new Map<string, number>();
  const count = (...words: string[]): void => void counts.set(words.join(' '), (counts.get(words.join(' ')) ?? 0) + 1);
  return {
    counts,
    sent: (_, kind) => count('sent', kind),
    putOff: (_, kind, why) => count('putOff', kind, why),
    refused: (_, kind) => count('refused', kind),
    left: (_, calls) => void counts.set('left', calls),
  };
}

export interface Clock {
  now: number;
}

/** A process's budget on the real database, by a clock of the test's. */
export const processOn = ({ db }: Database, app: string, plan: SlotPlan, clock: Clock, meter = unwatched): AppBudget =>
  new AppBudget(app, plan, {
    slots: new CallSlots(db),
    closings: new CallClosings(db),
    meter,
    now: () => clock.now,
    random: () => 0.5,
  });

/** @returns null once admitted, else the wait, milliseconds */
export async function ask(budget: AppBudget, turn: CallTurn): Promise<number | null> {
  try {
    await budget.admit(turn);
    return null;
  } catch (error) {
    if (error instanceof DexcomError && error.kind === 'budget_spent' && error.retryAfterMs !== null) return error.retryAfterMs;
    throw error;
  }
}

/** Asks so often, all at once. @returns how many were admitted */
export async function askMany(budget: AppBudget, turn: CallTurn, times: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: times }, () => ask(budget, turn)));
  return answers.filter((answer) => answer === null).length;
}
