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
export const access: CallTurn = { kind: 'access' };
/** Somebody who has waited long. */
export const live: CallTurn = { kind: 'live', since: 0 };

export const unwatched: CallMeter = { sent: () => undefined, putOff: () => undefined, left: () => undefined };

export interface Clock {
  now: number;
}

/** A process's budget on the real database, by a clock of the test's. */
export const processOn = ({ db }: Database, app: string, plan: SlotPlan, clock: Clock): AppBudget =>
  new AppBudget(app, plan, {
    slots: new CallSlots(db),
    closings: new CallClosings(db),
    meter: unwatched,
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
