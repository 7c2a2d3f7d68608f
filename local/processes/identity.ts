import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * What tells a process from a later one that got the same id: the boot and the moment of its start.
 * @returns null if there is no such process, or only its corpse
 */
export function identityOf(pid: number): string | null {
  if (process.platform !== 'linux') return identityByPs(pid);
  const stat = statOf(pid);
  return stat && stat.state !== 'Z' && stat.state !== 'X' ? `${bootId()}:${stat.startTicks}` : null;
}

export const isAlive = (pid: number, identity: string): boolean => identityOf(pid) === identity;

/** `pid` and all that descend from it, at this moment. PostgreSQL's processes leave their group, so the group alone is not enough. */
export function familyOf(pid: number): number[] {
  if (process.platform !== 'linux') return [pid];
  const children = childrenByParent();
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : null;
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(entry)]);
  }
  return children;
}

/** proc(5): the name in parentheses may hold anything, so fields are counted from the last `)`. */
function statOf(pid: number): { state: string; parent: number; startTicks: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' };
  } catch {
    return null; // ended between being listed and being read
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();

function identityByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null; // ps answers 1 for a process that is not there
  }
}
