import { randomUUID } from 'node:crypto';
import { existsSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { canEnter } from '../install/cacheFolder';
import { makeOpenFolder } from '../install/openFolder';
import { serverUser } from '../processes/serverUser';

/** For root's clones below folders that other users may not enter, such as its home. */
const SYSTEM_DATA = '/var/lib/continuo';

/**
 * A folder for the database's files that the database's user can enter: `<folder>/data` itself, or one below /var/lib that it links to.
 * Removing the link is forgetting the data.
 */
export function enterableFolder(folder: string): string {
  makeOpenFolder(folder);
  const data = join(folder, 'data');
  const user = serverUser();
  if (!user || canEnter(folder, user)) {
    makeOpenFolder(data);
    return data;
  }
  if (!existsSync(data)) {
    const elsewhere = join(SYSTEM_DATA, randomUUID());
    makeOpenFolder(elsewhere);
    symlinkSync(elsewhere, data);
  }
  return readlinkSync(data);
}
