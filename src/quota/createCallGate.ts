import type { CallGate } from '../dexcom/callGate';
import type { GrantIssuer } from '../dexcom/registration';
import { AppBudget, type BudgetDeps } from './appBudget';
import { slotPlan } from './slots';

/** How many calls apps may make in an hour: what Dexcom grants them, less a margin. */
export interface CallLimits {
  /** Of an app that is not named, a team's own too. */
  readonly others: number;
  readonly apps: readonly (GrantIssuer & { readonly callsPerHour: number })[];
}

/** Counts the calls of every app, each by itself, with all other processes on the same database. */
export function createCallGate(limits: CallLimits, cadenceMs: number, deps: BudgetDeps): CallGate {
  const budgets = new Map<string, AppBudget>();

  function budgetOf({ region, clientId }: GrantIssuer): AppBudget {
    const app = `${region}:${clientId}`;
    const known = budgets.get(app);
    if (known) return known;
    const named = limits.apps.find((limited) => limited.region === region && limited.clientId === clientId);
    const budget = new AppBudget(app, slotPlan(named?.callsPerHour ?? limits.others, cadenceMs), deps);
    budgets.set(app, budget);
    return budget;
  }

  return {
    admit: (app, turn) => budgetOf(app).admit(turn),
    refused: (app, turn, retryAfterMs) => budgetOf(app).refused(turn, retryAfterMs),
  };
}
