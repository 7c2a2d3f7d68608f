import type { Strike } from '../strike';

/** Access tokens refused before their time: one refresh each. */
export const unauthorised: Strike = {
  name: 'unauthorised',
  at: 'dexcom',
  weight: 2,
  async strike({ engine, people }, draw) {
    const times = draw.between(1, people.length);
    await engine.simulator.control.addFault({ kind: 'status', status: 401, endpoints: ['egvs'], times });
    return `401 to ${times} fetches`;
  },
};
