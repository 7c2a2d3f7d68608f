import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../test/engine/engine';
import type { EngineProcess } from '../../../test/engine/engineProcess';
import type { Draw } from '../../draw';
import type { Strike } from '../strike';

interface ProcessKill extends Pick<Strike, 'name' | 'weight'> {
  readonly which: (engine: Engine, draw: Draw) => readonly EngineProcess[];
  /** Up to so long after it they are started again. */
  readonly downAtMostMs: number;
}

/** SIGKILL to processes of the engine, all at once, started again at once or a little later. */
export const processKill = ({ name, weight, which, downAtMostMs }: ProcessKill): Strike => ({
  name,
  at: 'process',
  weight,
  async strike({ engine, supervisor }, draw) {
    const [processes, afterMs] = [which(engine, draw), draw.between(0, downAtMostMs)];
    await Promise.all(processes.map((process) => supervisor.killed(process, () => sleep(afterMs))));
    return `started again after ${(afterMs / 1_000).toFixed(1)} s`;
  },
});
