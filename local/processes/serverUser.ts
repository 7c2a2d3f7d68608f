import { readFileSync } from 'node:fs';
import { obstacles } from '../problems';

/** Whom a server runs as that refuses root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

export const areRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: then it runs as `nobody`. @returns null if we are nobody special and it runs as ourselves */
export function serverUser(): ServerUser | null {
  if (!areRoot()) return null;
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('nobody:'));
  if (!entry) throw obstacles.noUnprivilegedUser();
  const [, , uid, gid] = entry.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
