import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errnoOf } from '../errno';
import { familyOf, identityOf, isAlive } from './identity';
import { waitUntil } from './waitUntil';

const ProcessRecord = z.object({
  name: z.string(),
  pid: z.int().positive(),
  identity: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
  startedAt: z.number(),
});
/** Kept in a file beside the data a process works on, so that a later run finds it even if ours was killed. */
export type ProcessRecord = z.infer<typeof ProcessRecord>;

const fileOf = (folder: string, name: string): string => join(folder, `${name}.process.json`);

export function remember(folder: string, record: Omit<ProcessRecord, 'identity' | 'startedAt'>): void {
  const identity = identityOf(record.pid);
  if (identity === null) return; // ended at once: nothing to find later
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(folder, record.name), JSON.stringify({ ...record, identity, startedAt: Date.now() }));
}

export const forget = (folder: string, name: string): void => rmSync(fileOf(folder, name), { force: true });

/** The recorded processes of `folder` that are still the ones recorded, youngest first. */
export function stillRunning(folder: string): ProcessRecord[] {
  return recordsIn(folder)
    .filter(({ pid, identity }) => isAlive(pid, identity))
    .sort((a, b) => b.startedAt - a.startedAt);
}

/** Ends what a killed run has left working on `folder`, youngest first, each kindly and then by force. @returns their names */
export async function stopLeftovers(folder: string, kindlyMs = 10_000): Promise<string[]> {
  const leftovers = stillRunning(folder).filter(({ pid }) => pid !== process.pid);
  for (const leftover of leftovers) await end(leftover, kindlyMs);
  for (const { name } of recordsIn(folder)) forget(folder, name);
  return leftovers.map(({ name }) => name);
}

async function end({ pid, identity, stopSignal }: ProcessRecord, kindlyMs: number): Promise<void> {
  signalIfAlive(pid, stopSignal);
  if (await waitUntil(() => !isAlive(pid, identity), { withinMs: kindlyMs })) return;
  for (const member of familyOf(pid)) signalIfAlive(member, 'SIGKILL');
  await waitUntil(() => !isAlive(pid, identity), { withinMs: 5_000 });
}

/** A process that ended between being found and being told is what was wanted. */
export function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

function recordsIn(folder: string): ProcessRecord[] {
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return []; // nothing was ever started here
  }
  return entries.filter((entry) => entry.endsWith('.process.json')).flatMap((entry) => read(join(folder, entry)));
}

/** A record cut off by a kill names nothing that can be trusted. */
function read(file: string): ProcessRecord[] {
  try {
    const parsed = ProcessRecord.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
