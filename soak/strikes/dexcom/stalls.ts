import type { Strike } from '../strike';

/** Answers that take up to longer than anybody waits, or come after the call has had its effect. */
export const stalls: Strike = {
  name: 'stalls',
  at: 'dexcom',
  weight: 3,
  async strike({ engine }, draw) {
    const [stallMs, endpoint] = [draw.between(500, 35_000), draw.oneOf(['egvs', 'token'] as const)];
    const [when, times] = [draw.oneOf(['before', 'after'] as const), draw.between(1, 8)];
    await engine.simulator.control.addFault({ kind: 'stall', stallMs, endpoints: [endpoint], when, times });
    return `${times} calls of ${endpoint} stalled for ${(stallMs / 1_000).toFixed(1)} s, ${when} their effect`;
  },
};
