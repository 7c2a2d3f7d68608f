import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stopLeftovers } from '../processes/record';
import type { Progress, Task } from '../progress/progress';
import { lockInstall } from './lock';
import { makeOpenFolder } from './openFolder';
import { CommandFailed, run } from './run';

export interface InstallContext {
  readonly cache: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** How something gets into the cache. */
export interface Recipe {
  /** With every version that matters: another version is another installation. */
  readonly name: string;
  readonly label: string;
  readonly expectedMs: number;
  /** Fills `out`. `scratch` outlives a failed try, so that the next one has less to do. */
  build(place: { scratch: string; out: string; task: Task; signal: AbortSignal }): Promise<void>;
}

/** @returns the folder of a whole installation, or null */
export function installed(cache: string, name: string): string | null {
  const place = join(cache, name);
  return existsSync(place) ? place : null;
}

/**
 * Whole or not at all: built aside, then renamed into place. Two runs at once wait for each other.
 * @returns the folder of the installation. @throws Obstacle, as the recipe
 */
export async function install(recipe: Recipe, { cache, progress, signal }: InstallContext): Promise<string> {
  const place = join(cache, recipe.name);
  if (existsSync(place)) return place;
  makeOpenFolder(cache);

  const lock = await lockInstall(place, signal, () =>
    progress.note(`${recipe.label}: another run is installing it, waiting for that one …`),
  );
  try {
    if (!existsSync(place)) await build(recipe, place, { cache, progress, signal: AbortSignal.any([signal, lock.lost]) });
    return place;
  } finally {
    await lock.release();
  }
}

async function build(recipe: Recipe, place: string, { cache, progress, signal }: InstallContext): Promise<void> {
  const scratch = join(cache, 'building', recipe.name);
  makeOpenFolder(scratch);
  await stopLeftovers(scratch);
  for (const entry of await readdir(scratch))
    if (entry.startsWith('out-')) await rm(join(scratch, entry), { recursive: true, force: true });
  // A name of its own: whatever a killed run's children may still write, they do not write here.
  const out = join(scratch, `out-${randomUUID()}`);
  makeOpenFolder(out);

  const task = progress.task(recipe.label, recipe.expectedMs);
  try {
    await recipe.build({ scratch, out, task, signal });
    await toDisk(out);
    signal.throwIfAborted();
    await rename(out, place);
    await rm(scratch, { recursive: true, force: true });
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw error;
  } finally {
    task.end();
  }
}

/** Before the rename, which a power cut may otherwise leave pointing at empty files. Where there is no such `sync`, there is none. */
async function toDisk(folder: string): Promise<void> {
  await run('sync', ['-f', folder]).catch((error: unknown) => {
    if (!(error instanceof CommandFailed)) throw error;
  });
}
