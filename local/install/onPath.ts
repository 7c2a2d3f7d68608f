import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns the program's full path, or null */
export function onPath(command: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, command);
    if (folder !== '' && isProgram(file)) return file;
  }
  return null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not ours to run
  }
}

/** Compares dotted versions number by number. */
export function isAtLeast(found: string, needed: string): boolean {
  const have = found.split('.').map(Number);
  const want = needed.split('.').map(Number);
  const differs = want.findIndex((part, i) => part !== (have[i] ?? 0));
  return differs === -1 || (have[differs] ?? 0) > (want[differs] ?? 0);
}
