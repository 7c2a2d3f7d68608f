import type { GlucoseDay } from '../storage/glucoseDays';
import type { SyncDeps } from './deps';

export interface DayChange {
  /** As it was read; undefined if it was not there. */
  readonly before: GlucoseDay | undefined;
  readonly next: GlucoseDay;
}

/** Each for itself: no two servers agree on more than one document at a time. New days take one turn, however many. */
const REPLACED_AT_ONCE = 8;

/**
 * A day that loses a reading waits until the days before it are written: a reading is in its new day before it leaves its old one. The others
 * need no order. Ends with the first turn in which somebody else has been quicker. @returns what was written
 */
export async function writeDays({ glucoseDays }: SyncDeps, signal: AbortSignal, changes: readonly DayChange[]): Promise<DayChange[]> {
  const written: DayChange[] = [];
  for (const turn of turns(changes)) {
    signal.throwIfAborted();
    const stored = new Set(await glucoseDays.writeEach(turn.map(({ next }) => next)));
    for (const change of turn) if (stored.has(change.next)) written.push(change);
    if (stored.size < turn.length) break;
  }
  return written;
}

function turns(changes: readonly DayChange[]): DayChange[][] {
  const all: DayChange[][] = [];
  for (const change of changes) {
    const last = all.at(-1);
    const joins = last && last.filter(isReplaced).length < REPLACED_AT_ONCE && !loses(change) && !last.some(loses);
    if (joins) last.push(change);
    else all.push([change]);
  }
  return all;
}

const isReplaced = ({ before }: DayChange): boolean => before !== undefined;

function loses({ before, next }: DayChange): boolean {
  if (!before) return false;
  const kept = new Set(next.readings.map(({ recordId }) => recordId));
  return before.readings.some(({ recordId }) => !kept.has(recordId));
}
