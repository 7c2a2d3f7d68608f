import { join } from 'node:path';
import { both } from '../../install/both';
import { type InstallContext, install, installed } from '../../install/install';
import { obstacles } from '../../problems';
import type { DatabaseProgram } from '../obtain';
import { ferretdbRecipe } from './build';
import { postgresRecipe } from './postgres';

/** @throws Obstacle */
export async function ferretdbInCache(cache: string): Promise<DatabaseProgram> {
  const ferretdb = installed(cache, ferretdbRecipe.name);
  const postgres = installed(cache, postgresRecipe.name);
  if (ferretdb === null || postgres === null) throw obstacles.notOnPath('ferretdb');
  return ofFolders(ferretdb, postgres, 'in the cache');
}

/** The two need nothing of each other: both at once. @throws Obstacle */
export async function obtainFerretdb(context: InstallContext): Promise<DatabaseProgram> {
  const [ferretdb, postgres] = await both(
    context.signal,
    (signal) => install(ferretdbRecipe, { ...context, signal }),
    (signal) => install(postgresRecipe, { ...context, signal }),
  );
  return ofFolders(ferretdb, postgres, 'newly made');
}

const ofFolders = (ferretdb: string, postgres: string, how: string): DatabaseProgram => ({
  kind: 'ferretdb',
  ferretdb: join(ferretdb, 'ferretdb'),
  postgres,
  taken: `FerretDB in front of PostgreSQL (${how})`,
});
