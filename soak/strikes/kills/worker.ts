import { setTimeout as sleep } from 'node:timers/promises';
import type { Strike } from '../strike';

/** SIGKILL to a worker, started again at once or a little later. */
export const worker: Strike = {
  name: 'worker killed',
  at: 'process',
  weight: 12,
  async strike({ engine, supervisor }, draw) {
    const [process, afterMs] = [draw.oneOf(engine.workers), draw.between(0, 8_000)];
    await supervisor.killed(process, () => sleep(afterMs));
    return `started again after ${(afterMs / 1_000).toFixed(1)} s`;
  },
};
