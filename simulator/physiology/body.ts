import { hash } from 'node:crypto';
import { between, draw } from './draw';

/** What makes one person's glucose theirs; mg/dL. */
export interface Body {
  readonly seed: number;
  readonly baseMgPerDl: number;
  /** How far a gram of carbohydrate lifts them. */
  readonly mgPerDlPerGram: number;
  /** How fast a meal peaks. */
  readonly mealPeakMs: number;
  readonly dawnMgPerDl: number;
  readonly wanderMgPerDl: number;
  /** Share of days with exercise. */
  readonly activeShare: number;
}

const bodies = new Map<string, Body>();

/** Everything about a person follows from the simulator's seed and the person's id. */
export function bodyOf(seed: string, personId: string): Body {
  const name = JSON.stringify([seed, personId]);
  const body = bodies.get(name) ?? drawBody(seed, personId);
  bodies.set(name, body);
  return body;
}

function drawBody(seed: string, personId: string): Body {
  const number = Number.parseInt(hash('sha256', `body ${seed} ${personId}`, 'hex').slice(0, 8), 16) | 0;
  const trait = (n: number, low: number, high: number): number => between(low, high, draw(number, n, 0x0b0d));
  return {
    seed: number,
    baseMgPerDl: trait(1, 98, 138),
    mgPerDlPerGram: trait(2, 0.7, 1.9),
    mealPeakMs: trait(3, 45, 75) * 60_000,
    dawnMgPerDl: trait(4, 5, 40),
    wanderMgPerDl: trait(5, 8, 24),
    activeShare: trait(6, 0.2, 0.8),
  };
}
