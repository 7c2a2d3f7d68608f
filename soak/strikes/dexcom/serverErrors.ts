import type { Strike } from '../strike';

const WHERE = [['egvs'], ['token'], ['dataRange', 'egvs', 'devices'], ['egvs', 'token']] as const;

/** 5xx, for a while or for everybody a few times. */
export const serverErrors: Strike = {
  name: 'server errors',
  at: 'dexcom',
  weight: 4,
  async strike({ engine }, draw) {
    const [status, endpoints, times] = [draw.oneOf([500, 502, 503, 504]), draw.oneOf(WHERE), draw.between(1, 30)];
    await engine.simulator.control.addFault({ kind: 'status', status, endpoints: [...endpoints], times });
    return `${status} to ${times} calls of ${endpoints.join(', ')}`;
  },
};
