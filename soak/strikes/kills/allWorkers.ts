import { setTimeout as sleep } from 'node:timers/promises';
import type { Strike } from '../strike';

/** All workers at once, as when their machine loses power. */
export const allWorkers: Strike = {
  name: 'all workers killed',
  at: 'process',
  weight: 2,
  async strike({ engine, supervisor }, draw) {
    const afterMs = draw.between(0, 20_000);
    await Promise.all(engine.workers.map((process) => supervisor.killed(process, () => sleep(afterMs))));
    return `started again after ${(afterMs / 1_000).toFixed(1)} s`;
  },
};
