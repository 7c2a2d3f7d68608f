import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';

const SRC = join(__dirname, '..');
/** Written by `npm run build`; beside the compiled `src`. */
const BUILT = join(SRC, '../workflows.bundle.js');
const KEPT = join(SRC, '../node_modules/.cache/continuo-workflows');
/** The rooms that workflow code may import (`.dependency-cruiser.cjs`). */
const ROOMS = ['workflows', 'freshness', 'temporal'];

/**
 * The workflows' code for `Worker.create`: the built one; running from source, one made now, which takes seconds, so it is kept for the next
 * start with the same sources.
 */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  if (existsSync(BUILT)) return { codePath: BUILT };
  const kept = join(KEPT, `${sourcesHash()}.js`);
  if (!existsSync(kept)) await keepBundle(kept);
  return { codePath: kept };
}

async function keepBundle(path: string): Promise<void> {
  const { code } = await bundleWorkflowCode({ workflowsPath: require.resolve('../workflows'), logger: new DefaultLogger('WARN') });
  mkdirSync(dirname(path), { recursive: true });
  // Several workers may start at once: each writes its own, and the last one stays.
  const mine = `${path}.${randomUUID()}`;
  writeFileSync(mine, code);
  renameSync(mine, path);
}

/** Of the lock file too, which says what the sources are bundled with. */
function sourcesHash(): string {
  const sources = ROOMS.flatMap((room) => readdirSync(join(SRC, room)).map((file) => join(SRC, room, file)));
  const hash = createHash('sha256');
  for (const file of [...sources, join(SRC, '../package-lock.json')]) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
