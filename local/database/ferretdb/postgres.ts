import { existsSync } from 'node:fs';
import { needSpace } from '../../install/diskSpace';
import type { Recipe } from '../../install/install';
import { obstacles } from '../../problems';
import { part } from '../../progress/progress';
import { fetchPackages, SUITE } from './packages';
import { makeTemplate } from './template';
import { unpackPackages } from './unpack';

/** Raised when what we make of the packages changes. */
const REVISION = 1;

/**
 * PostgreSQL 18 with the DocumentDB extension: Debian's packages in a private folder, run through their own dynamic loader, so that the
 * machine's own C library does not matter. Nothing outside the folder changes. With a pristine cluster as a template.
 */
export const postgresRecipe: Recipe = {
  name: `postgresql-documentdb-${SUITE}-${REVISION}`,
  label: 'PostgreSQL with DocumentDB',
  expectedMs: 60_000,

  async build({ scratch, out, task, signal }) {
    if (process.platform !== 'linux' || process.arch !== 'x64')
      throw obstacles.wrongArchitecture('Linux on x64', `${process.platform} on ${process.arch}`);
    if (!existsSync('/usr/share/zoneinfo')) throw obstacles.noTimeZones();
    await needSpace(scratch, 800_000_000);

    const archives = await fetchPackages({ scratch, out, signal }, part(task, 0, 0.7));
    await unpackPackages(archives, { out, signal }, part(task, 0.7, 0.9));
    task.at(0.9, 'making the template');
    await makeTemplate({ scratch, out, signal });
  },
};
