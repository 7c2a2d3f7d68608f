import type { Strike } from '../strike';

/** The app's own credentials refused for a moment: an alarm for its operator, and nobody is disconnected. */
export const invalidClient: Strike = {
  name: 'invalid client',
  at: 'dexcom',
  weight: 1,
  async strike({ engine }, draw) {
    const times = draw.between(1, 5);
    const body = JSON.stringify({ error: 'invalid_client' });
    await engine.simulator.control.addFault({ kind: 'status', status: 400, body, endpoints: ['token'], times });
    return `invalid_client to ${times} token calls`;
  },
};
