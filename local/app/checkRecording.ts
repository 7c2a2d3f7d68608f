import { RecordingUnreadable, readRecording } from '../../simulator/people/addPerson';
import { isZone } from '../../simulator/people/zone';
import { problems } from '../problems';
import type { Stage } from './stage';

/** So many lines are named; who has more has another kind of file. */
const NAMED = 5;

/** Reads the recording before anything is started for it, and names the lines that cannot be read. @throws Problem if it is no recording */
export function checkRecording({ options: { replay, replayZone }, progress }: Pick<Stage, 'options' | 'progress'>): void {
  if (replay === undefined) return;
  if (!isZone(replayZone)) throw problems.notAZone(replayZone);
  const unreadable = unreadableLines(replay, replayZone);
  for (const { line, reason } of unreadable.slice(0, NAMED)) progress.note(`${replay}:${line} is left out: ${reason}`);
  if (unreadable.length > NAMED) progress.note(`… and ${unreadable.length - NAMED} more lines`);
}

function unreadableLines(file: string, zone: string) {
  try {
    return readRecording({ file, zone }).unreadable;
  } catch (error) {
    throw error instanceof RecordingUnreadable ? problems.notARecording(file, error.message) : error;
  }
}
