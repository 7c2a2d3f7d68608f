import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '../errno';
import { obstacles } from '../problems';

/** Makes a folder, and those above it, that every user may read, whatever the umask: as root the database runs as another user. */
export function makeOpenFolder(folder: string): void {
  const first = makeFolder(folder);
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}

function makeFolder(folder: string): string | undefined {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw obstacles.noWrite(folder, reasonOf(error));
  }
}
