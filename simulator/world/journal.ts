import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { WorldEvent } from './events';
import { lockFolder } from './folderLock';

const NEWLINE = 0x0a;

export interface Journal {
  /** What earlier runs wrote, oldest first. */
  readonly past: readonly WorldEvent[];
  /** Returns once the operating system has the event: it survives a SIGKILL of this process, though not a power cut. */
  append(event: WorldEvent): void;
  close(): void;
}

/** For a simulator that may forget everything when it stops. */
export const forgetful: Journal = { past: [], append: () => undefined, close: () => undefined };

/**
 * The journal of a state folder, one JSON event per line; the folder is made if absent.
 * @throws Error if another simulator runs on it, or naming file and line if a line other than the last cannot be read
 */
export function openJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true });
  const unlock = lockFolder(folder);
  const file = join(folder, 'journal.ndjson');
  // Tokens stand in it in the clear: simulated ones, and still nobody else's business.
  if (!existsSync(file)) appendFileSync(file, '', { mode: 0o600 });
  const { past, wholeBytes } = read(file);
  truncateSync(file, wholeBytes);
  const descriptor = openSync(file, 'a');
  return {
    past,
    append: (event) => void writeSync(descriptor, `${JSON.stringify(event)}\n`),
    close: () => {
      closeSync(descriptor);
      unlock();
    },
  };
}

function read(file: string): { past: WorldEvent[]; wholeBytes: number } {
  const bytes = readFileSync(file);
  const past: WorldEvent[] = [];
  let start = 0;
  // A kill in the middle of a write leaves a line without an end: it never happened.
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    past.push(parse(bytes.toString('utf8', start, end), `${file}:${past.length + 1}`));
    start = end + 1;
  }
  return { past, wholeBytes: start };
}

function parse(line: string, place: string): WorldEvent {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`${place} is not JSON; remove the folder to start afresh`, { cause: error });
  }
}
