import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What Temporal's library logs when it has done what Temporal has given to another meanwhile, and when one that was given up ends. */
const GIVEN_UP: readonly string[] = ['Task not found when completing', 'Tried to complete untracked local activity'];

const Line = z.object({ time: z.number(), msg: z.string() });

/** @returns when workers were told of a task of theirs that it had been given up, Unix milliseconds */
export function tasksGivenUp(logFolder: string): number[] {
  const files = readdirSync(logFolder).filter((name) => name.startsWith('worker-'));
  const lines = files.flatMap((name) => readFileSync(join(logFolder, name), 'utf8').split('\n'));
  return lines
    .filter((line) => GIVEN_UP.some((words) => line.includes(words)))
    .map(parsed)
    .filter((time) => time !== null);
}

/** @returns null for a line that a kill has cut */
function parsed(line: string): number | null {
  try {
    return Line.parse(JSON.parse(line)).time;
  } catch {
    return null;
  }
}
