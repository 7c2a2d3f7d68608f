import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { canEnter } from '../install/cacheFolder';
import { identityOf, isAlive } from './identity';
import { stopLeftovers } from './record';
import { serverUser } from './serverUser';

const PREFIX = 'continuo-throwaway-';
/** A folder this young may belong to somebody who is about to say so. */
const UNCLAIMED_MS = 60_000;

const Owner = z.object({ pid: z.int(), identity: z.string() });

/** A folder for servers that end with us; should we be killed, the next run removes it and ends what runs in it. */
export function throwawayFolder(): string {
  const folder = mkdtempSync(join(base(), PREFIX));
  chmodSync(folder, 0o755);
  writeFileSync(ownerFile(folder), JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) }));
  return folder;
}

/** Ends the servers of throw-away folders whose makers are gone, and removes these folders. @returns how many */
export async function sweepThrowaways(): Promise<number> {
  const abandoned = readdirSync(base())
    .filter((entry) => entry.startsWith(PREFIX))
    .map((entry) => join(base(), entry))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.() && isAbandoned(folder));
  for (const folder of abandoned) {
    await stopLeftovers(folder, 3_000);
    rmSync(folder, { recursive: true, force: true });
  }
  return abandoned.length;
}

/** The system's folder for such, or the next that the database's user can enter. */
function base(): string {
  const user = serverUser();
  return user && !canEnter(tmpdir(), user) ? '/var/tmp' : tmpdir();
}

function isAbandoned(folder: string): boolean {
  if (!existsSync(ownerFile(folder))) return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) > UNCLAIMED_MS;
  const owner = Owner.safeParse(JSON.parse(readFileSync(ownerFile(folder), 'utf8') || 'null'));
  return !owner.success || !isAlive(owner.data.pid, owner.data.identity);
}

const ownerFile = (folder: string): string => join(folder, 'owner.json');
