import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Figure } from '../figure';

const run = promisify(execFile);
const Said = z.object({ bytesEach: z.number() });

/** What a waiting connection takes in a worker, beside a workflow that waits for nothing. */
export const workflowMemory: Figure = {
  name: 'workflowMemory',

  async measure() {
    const floor = await bytesEach('idle');
    const ours = await bytesEach('syncConnection');
    return {
      measurements: [
        {
          figure: 'worker memory per cached workflow',
          goal: { of: 'ratio', is: 'at most', value: 1.25 },
          measured: { value: ours / 1000, unit: 'kB' },
          floor: { value: floor / 1000, unit: 'kB' },
        },
      ],
      notes: [
        'growth of a worker process from 100 to 600 workflows that wait, each kind in a process of its own; garbage not yet collected counts too',
      ],
    };
  },
};

async function bytesEach(kind: 'idle' | 'syncConnection'): Promise<number> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', join(__dirname, '../worlds/memoryWorker.ts'), kind], {
    timeout: 300_000,
  });
  return Said.parse(JSON.parse(stdout)).bytesEach;
}
