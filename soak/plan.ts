import { scenarioNames } from '../simulator/scenarios/readScenario';
import type { Engine } from '../test/engine/engine';
import { judges } from './judge';
import type { Judge } from './judge/judge';
import { strikes } from './strikes';
import type { Strike } from './strikes/strike';

/** Opens webhook endpoints of a run's own, beside the app's receiver. @returns what closes them */
export type OpenEndpoints = (engine: Engine) => Promise<() => Promise<void>>;

/** What a soak is made of: who lives how, at what pace, who listens, what is done to all of them, and who judges. */
export interface Plan {
  /** Makes the same strikes in the same order. */
  readonly seed: string;
  readonly lengthMs: number;
  /** How often sensors read, as `30s`; every wait of the engine scales with it. */
  readonly interval: string;
  /** From measured to visible, as `2s`. */
  readonly delay: string;
  /** Nobody arrives with more; scenarios have up to 400 days. */
  readonly mostHistoryDays: number;
  /** Scenarios whose people are there. */
  readonly scenarios: readonly string[];
  /** People with whom nothing is the matter, besides. */
  readonly plainPeople: number;
  readonly workers: number;
  readonly endpoints: readonly OpenEndpoints[];
  readonly strikes: readonly Strike[];
  /** Seconds between two strikes, at least and at most. */
  readonly pauseSeconds: readonly [number, number];
  /** How long everything may take to come to rest afterwards. */
  readonly settleWithinMs: number;
  readonly judges: readonly Judge[];
}

const MINUTE_MS = 60_000;

/** Fifty people: those of all scenarios, and four more. */
export const usualPlan = ({ seed, hours, interval }: { seed: string; hours: number; interval: string }): Plan => ({
  seed,
  lengthMs: hours * 60 * MINUTE_MS,
  interval,
  delay: '2s',
  mostHistoryDays: 30,
  scenarios: scenarioNames(),
  plainPeople: 4,
  workers: 2,
  endpoints: [],
  strikes,
  pauseSeconds: [5, 30],
  settleWithinMs: 20 * MINUTE_MS,
  judges,
});
