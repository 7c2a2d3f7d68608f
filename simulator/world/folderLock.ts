import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes a state folder for this process. A holder that died, even by SIGKILL, holds nothing.
 * @returns gives it back
 * @throws Error with the holder's pid if another simulator runs on it
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'simulator.pid');
  const holder = readHolder(file);
  if (holder && lives(holder))
    throw new Error(`${folder} is in use by another simulator, pid ${holder.pid}; stop it or choose another folder`);
  if (holder) rmSync(file, { force: true });
  // Fails if somebody else was faster.
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) } satisfies Holder), { flag: 'wx' });
  return () => rmSync(file, { force: true });
}

interface Holder {
  readonly pid: number;
  readonly startedAt: string | null;
}

function readHolder(file: string): Holder | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(file, 'utf8'));
    return { pid: Number(pid), startedAt: startedAt === null ? null : String(startedAt) };
  } catch {
    // Not there, or half-written by somebody who died: nobody holds it.
    rmSync(file, { force: true });
    return null;
  }
}

/** A pid alone is given to somebody else after a while. */
function lives({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return pid !== process.pid && startOf(pid) === startedAt;
}

/** @returns the process's start in clock ticks since boot; null where there is no /proc, or only a zombie left */
function startOf(pid: number): string | null {
  try {
    // The name before it may hold spaces and parentheses; the fields behind the last one may not.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has a start and holds nothing.
    return state === 'Z' ? null : (fields[18] ?? null);
  } catch {
    return null;
  }
}
