import { join } from 'node:path';
import { install } from '../../local/install/install';
import { run } from '../../local/install/run';
import { plainProgress } from '../../local/progress/plain';

/** A process for a test to kill: installs `thing-1` into the given cache and never gets done. */
const [, , cache = ''] = process.argv;
const context = { cache, progress: plainProgress(() => undefined), signal: new AbortController().signal };

void install(
  {
    name: 'thing-1',
    label: 'Thing 1',
    expectedMs: 1_000,
    build: async ({ scratch }) => {
      await run('sh', ['-c', 'echo $$ > "$0"; exec sleep 600', join(cache, 'command.pid')], { recordIn: scratch });
    },
  },
  context,
);
