import { join } from 'node:path';
import { type InstallContext, install, installed } from '../../install/install';
import { isAtLeast, onPath } from '../../install/onPath';
import { run } from '../../install/run';
import { obstacles } from '../../problems';
import type { DatabaseProgram } from '../obtain';
import { mongodRecipe } from './download';

/** The oldest that is still maintained. */
const OLDEST_MONGOD = '7.0.0';

/** @throws Obstacle */
export async function mongodOnPathOrInCache(cache: string): Promise<DatabaseProgram> {
  const command = onPath('mongod');
  if (command !== null) {
    const version = /db version v(\d+\.\d+\.\d+)/.exec(await run(command, ['--version']))?.[1] ?? '0';
    if (!isAtLeast(version, OLDEST_MONGOD)) throw obstacles.tooOld('mongod', version, OLDEST_MONGOD);
    return { kind: 'mongod', command, taken: `${command} ${version}` };
  }
  const folder = installed(cache, mongodRecipe().name);
  if (folder === null) throw obstacles.notOnPath('mongod');
  return ofFolder(folder, 'in the cache');
}

/** @throws Obstacle */
export const downloadMongod = async (context: InstallContext): Promise<DatabaseProgram> =>
  ofFolder(await install(mongodRecipe(), context), 'downloaded');

const ofFolder = (folder: string, how: string): DatabaseProgram => {
  const command = join(folder, 'mongod');
  return { kind: 'mongod', command, installation: folder, taken: `${command} (${how})` };
};
