import { setTimeout as sleep } from 'node:timers/promises';
import type { Strike } from '../strike';

/** A worker that stands still and then goes on where it was, perhaps long after another has taken over. */
export const frozenWorker: Strike = {
  name: 'worker frozen',
  at: 'process',
  weight: 2,
  async strike({ engine }, draw) {
    const [process, forMs] = [draw.oneOf(engine.workers), draw.between(1_000, 20_000)];
    process.freeze();
    await sleep(forMs);
    process.thaw();
    return `for ${(forMs / 1_000).toFixed(1)} s`;
  },
};
