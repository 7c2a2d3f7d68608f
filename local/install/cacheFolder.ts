import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { type ServerUser, serverUser } from '../processes/serverUser';

/** For root, whose home other users usually may not enter. */
const SYSTEM_CACHE = '/var/cache';

/** One folder for all clones and tests of a user. As root one that the database's user can enter. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, user: ServerUser | null = serverUser()): string {
  const { XDG_CACHE_HOME } = env;
  const home = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(user && !canEnter(home, user) ? SYSTEM_CACHE : home, 'continuo');
}

/** @returns whether `user` may go into every folder down to `folder`; what is not there yet will be made so that everybody may */
export function canEnter(folder: string, { uid, gid }: ServerUser): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  const searchable = stat === undefined || (stat.mode & searchBit(stat)) !== 0;
  const parent = dirname(folder);
  return searchable && (parent === folder || canEnter(parent, { uid, gid }));

  function searchBit(of: { uid: number; gid: number }): number {
    if (of.uid === uid) return 0o100;
    return of.gid === gid ? 0o010 : 0o001;
  }
}
