import { join } from 'node:path';
import { cacheFolder } from '../install/cacheFolder';
import { firstOpenWay } from '../install/firstOpenWay';
import { type InstallContext, install, installed } from '../install/install';
import { isAtLeast, onPath } from '../install/onPath';
import { run } from '../install/run';
import { obstacles } from '../problems';
import { buildRecipe } from './build';
import { downloadRecipe } from './download';

/** A Temporal CLI, which is a development server too. */
export interface TemporalProgram {
  readonly command: string;
  /** Its folder in the cache, unless it is on PATH. */
  readonly installation?: string;
  /** For a person: which one and where it came from. */
  readonly taken: string;
}

/** The first with priorities, fairness and update-with-start as the SDK in use speaks them. */
const OLDEST_SERVER = '1.29.0';

/** The first of: on PATH, in the cache, the official download, a build from the Go module proxy. @throws Problem */
export function obtainTemporal(context: Omit<InstallContext, 'cache'>, cache = cacheFolder()): Promise<TemporalProgram> {
  return firstOpenWay('Temporal', [
    { name: '`temporal` on PATH or in the cache', take: async () => (await ofPath()) ?? ofCache(cache) },
    { name: 'official download', take: async () => ofFolder(await install(downloadRecipe(), { ...context, cache }), 'downloaded') },
    { name: 'build with Go', take: async () => ofFolder(await install(buildRecipe, { ...context, cache }), 'built') },
  ]);
}

/** @throws Obstacle if it is too old */
async function ofPath(): Promise<TemporalProgram | null> {
  const command = onPath('temporal');
  if (command === null) return null;
  const server = serverVersion(await run(command, ['--version']));
  if (!isAtLeast(server, OLDEST_SERVER)) throw obstacles.tooOld('temporal', `server ${server}`, OLDEST_SERVER);
  return { command, taken: `${command} (server ${server})` };
}

function ofCache(cache: string): TemporalProgram {
  const folder = installed(cache, downloadRecipe().name) ?? installed(cache, buildRecipe.name);
  if (folder === null) throw obstacles.notOnPath('temporal');
  return ofFolder(folder, 'in the cache');
}

const ofFolder = (folder: string, how: string): TemporalProgram => ({
  command: join(folder, 'temporal'),
  installation: folder,
  taken: `${join(folder, 'temporal')} (${how})`,
});

/** `temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)` */
const serverVersion = (shown: string): string => /Server (\d+\.\d+\.\d+)/.exec(shown)?.[1] ?? '0';
