import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningServer } from '../../../local/processes/runServer';
import type { Servers } from '../../world';
import type { Strike } from '../strike';

/** SIGKILL to a server, and a start on the same port with the same data after up to ten seconds. */
export const serverOutage = (name: string, which: (servers: Servers) => RunningServer): Strike => ({
  name,
  at: 'process',
  weight: 1,
  async strike({ servers }, draw) {
    const afterMs = draw.between(0, 10_000);
    if (!servers) return 'not ours to kill';
    const server = which(servers);
    await server.kill();
    await sleep(afterMs);
    await server.restart();
    return `started again after ${(afterMs / 1_000).toFixed(1)} s`;
  },
});
