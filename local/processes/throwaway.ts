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
type Owner = z.infer<typeof Owner>;

/** A folder for servers that end with us; should we be killed, the next run removes it and ends what runs in it. */
export function throwawayFolder(): string {
  const folder = mkdtempSync(join(base(), PREFIX));
  chmodSync(folder, 0o755);
  writeFileSync(ownerFile(folder), JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) }));
  return folder;
}

/** Removes the throw-away folders whose makers are gone, and ends the servers in them. @returns how many */
export const removeAbandonedThrowaways = (): Promise<number> =>
  removeWhere((folder, owner) => (owner ? !isAlive(owner.pid, owner.identity) : ageMs(folder) > UNCLAIMED_MS));

/** Removes the throw-away folders that this process has made, and ends the servers in them. @returns how many */
export const removeOwnThrowaways = (): Promise<number> => removeWhere((_folder, owner) => owner?.pid === process.pid);

async function removeWhere(isIt: (folder: string, owner: Owner | null) => boolean): Promise<number> {
  const folders = readdirSync(base())
    .filter((entry) => entry.startsWith(PREFIX))
    .map((entry) => join(base(), entry))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.() && isIt(folder, ownerOf(folder)));
  for (const folder of folders) {
    for (const place of [folder, ...foldersIn(folder)]) await stopLeftovers(place, 3_000);
    rmSync(folder, { recursive: true, force: true });
  }
  return folders.length;
}

/** The system's folder for such, or the next that the database's user can enter. */
function base(): string {
  const user = serverUser();
  return user && !canEnter(tmpdir(), user) ? '/var/tmp' : tmpdir();
}

function ownerOf(folder: string): Owner | null {
  if (!existsSync(ownerFile(folder))) return null;
  const owner = Owner.safeParse(JSON.parse(readFileSync(ownerFile(folder), 'utf8') || 'null'));
  return owner.success ? owner.data : null;
}

const ownerFile = (folder: string): string => join(folder, 'owner.json');

const ageMs = (folder: string): number => Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
