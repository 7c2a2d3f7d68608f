import type { SyncPolicy } from '../../../src/freshness/policy';
import { afterLook } from '../../../src/freshness/schedule';
import type { FreshnessState } from '../../../src/storage/connectionDoc';
import { MINUTE, SECOND } from './people';
import { seeded } from './random';
import type { Schedule } from './watch';

export const unknown: FreshnessState = { newestAt: null, delayMs: null, missesInARow: 0 };

/** Ours. @param tell each state as it is kept */
export function learned(policy: SyncPolicy, tell?: (state: FreshnessState) => void): Schedule {
  let state = unknown;
  return (look) => {
    const after = afterLook(state, look, policy);
    state = after.state;
    tell?.(state);
    return after.nextPollAt;
  };
}

/** Whatever comes. */
export const fixed =
  (everyMs: number): Schedule =>
  ({ now }) =>
    now + everyMs;

/** In the sensor's turns, 18 to 36 s after them: as if readings were visible as soon as they are measured. */
export function slotAnd18(): Schedule {
  const draw = seeded(18);
  return ({ now, newestAt }) => {
    const slot = newestAt ?? now;
    const turns = Math.floor((now - slot) / (5 * MINUTE)) + 1;
    return slot + turns * 5 * MINUTE + (18 + draw() * 18) * SECOND;
  };
}
