import { setTimeout as sleep } from 'node:timers/promises';
import type { Strike } from '../strike';

/** SIGKILL to the API, whoever is on a page of its. */
export const api: Strike = {
  name: 'API killed',
  at: 'process',
  weight: 2,
  async strike({ engine, supervisor }, draw) {
    const afterMs = draw.between(0, 5_000);
    await supervisor.killed(engine.server, () => sleep(afterMs));
    return `started again after ${(afterMs / 1_000).toFixed(1)} s`;
  },
};
