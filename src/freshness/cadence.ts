import type { FreshnessState } from '../storage/connectionDoc';
import type { Habit } from './habit';
import type { SyncPolicy } from './policy';

/** What is known of the time between readings, where it is longer than the policy's. */
export interface Cadence {
  readonly cadenceMs?: number;
}

/** A sensor slower than this is one that is often away. */
const LONGEST_IN_READINGS = 12;

/** Time between two readings, milliseconds. Never below the policy's: Dexcom's sensors do not read more often (dexcom-api.md §9.28). */
export const cadenceOf = ({ cadenceMs }: FreshnessState, policy: SyncPolicy): number => cadenceMs ?? policy.cadenceMs;

/** Readings that come alone, and always after the same time, are a cadence; one that comes earlier, or with others, ends it. */
export function learnCadence(state: FreshnessState, { stepMs, created, habit }: Evidence, policy: SyncPolicy): Cadence {
  if (state.cadenceMs !== undefined) return stepMs / Math.max(1, created) > (3 / 4) * state.cadenceMs ? { cadenceMs: state.cadenceMs } : {};

  const { returnEveryMs = 0, returnsAlike = 0 } = habit;
  const isAlike = created === 1 && returnsAlike > 0 && Math.abs(stepMs - returnEveryMs) <= returnEveryMs / LONGEST_IN_READINGS;
  return isAlike && stepMs <= LONGEST_IN_READINGS * policy.cadenceMs ? { cadenceMs: stepMs } : {};
}

interface Evidence {
  readonly stepMs: number;
  readonly created: number;
  readonly habit: Habit;
}
