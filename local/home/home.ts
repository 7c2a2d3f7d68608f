import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { freeSpace } from '../install/diskSpace';
import { makeOpenFolder } from '../install/openFolder';
import { problems } from '../problems';
import { forget, remember, stillRunning, stopLeftovers } from '../processes/record';
import { areRoot } from '../processes/serverUser';
import { MemoryFile } from './memory';

/** Where one clone's stack lives: its data, logs and memory. */
export interface Home {
  readonly folder: string;
  /** For one of its servers. */
  place(name: string): string;
  readonly memory: MemoryFile;
  /** Names of processes that a killed start had left running. */
  readonly leftovers: readonly string[];
  leave(): void;
}

const STARTER = 'start';
/** An empty database, its log of changes, Temporal's and the logs. */
const NEEDED_BYTES = 300_000_000;

/** One stack per folder. Ends what a killed start has left of its own processes. @throws Problem if a living one has it, or the disk is full */
export async function enterHome(folder: string, neededBytes = NEEDED_BYTES): Promise<Home> {
  makeOpenFolder(folder);
  const free = await freeSpace(folder);
  if (free < neededBytes) throw problems.noRoom(folder, neededBytes, free);
  // Nobody else's business, except that root's database runs as another user.
  if (!areRoot()) chmodSync(folder, 0o700);
  // Held only while we look and sign in: who has the house is told by the record, which outlives no process.
  const release = await lock(folder, {
    lockfilePath: join(folder, 'door.lock'),
    stale: 5_000,
    retries: { retries: 20, minTimeout: 500, factor: 1 },
  });
  try {
    const [living] = stillRunning(folder);
    if (living) throw problems.alreadyRunning(living.pid, folder);
    remember(folder, { name: STARTER, pid: process.pid, stopSignal: 'SIGTERM' });
  } finally {
    await release();
  }

  try {
    return { ...placesOf(folder), leftovers: await endLeftovers(folder), memory: new MemoryFile(folder) };
  } catch (error) {
    forget(folder, STARTER);
    throw error;
  }
}

const placesOf = (folder: string): Pick<Home, 'folder' | 'place' | 'leave'> => ({
  folder,
  place: (name) => join(folder, name),
  leave: () => forget(folder, STARTER),
});

/** In the order of a stop: who asks before who is asked. */
async function endLeftovers(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const place of ['app', 'temporal', 'database']) names.push(...(await stopLeftovers(join(folder, place))));
  return names;
}
