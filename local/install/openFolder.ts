import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder, and those above it, that every user may read, whatever the umask: as root the database runs as another user. */
export function makeOpenFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}
