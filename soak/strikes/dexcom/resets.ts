import type { Strike } from '../strike';

/** Connections that are reset, at the token endpoint after the rotation too: commit, then drop. */
export const resets: Strike = {
  name: 'resets',
  at: 'dexcom',
  weight: 3,
  async strike({ engine }, draw) {
    const [endpoint, when, times] = [draw.oneOf(['egvs', 'token'] as const), draw.oneOf(['before', 'after'] as const), draw.between(1, 12)];
    await engine.simulator.control.addFault({ kind: 'reset', endpoints: [endpoint], when, times });
    return `${times} connections to ${endpoint} reset, ${when} their effect`;
  },
};
