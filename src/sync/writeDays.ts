import type { GlucoseDay } from '../storage/glucoseDays';
import type { SyncDeps } from './deps';

export interface DayChange {
  /** As it was read; undefined if it was not there. */
  readonly before: GlucoseDay | undefined;
  readonly next: GlucoseDay;
}

/** Each for itself: no two servers agree on more than one document at a time. */
const WRITES_AT_ONCE = 8;

/**
 * A day that loses a reading waits until the days before it are written: a reading is in its new day before it leaves its old one. The others
 * need no order. Ends with the first turn in which somebody else has been quicker. @returns what was written
 */
export async function writeDays({ glucoseDays }: SyncDeps, signal: AbortSignal, changes: readonly DayChange[]): Promise<DayChange[]> {
  const written: DayChange[] = [];
  for (const turn of turns(changes)) {
    signal.throwIfAborted();
    const outcomes = await Promise.allSettled(turn.map(({ next }) => glucoseDays.write(next)));
    for (const [n, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') throw outcome.reason;
      const change = turn[n];
      if (outcome.value && change) written.push(change);
    }
    if (outcomes.some((outcome) => outcome.status === 'fulfilled' && !outcome.value)) break;
  }
  return written;
}

function turns(changes: readonly DayChange[]): DayChange[][] {
  const all: DayChange[][] = [];
  for (const change of changes) {
    const last = all.at(-1);
    const joins = last && last.length < WRITES_AT_ONCE && !loses(change) && !last.some(loses);
    if (joins) last.push(change);
    else all.push([change]);
  }
  return all;
}

function loses({ before, next }: DayChange): boolean {
  if (!before) return false;
  const kept = new Set(next.readings.map(({ recordId }) => recordId));
  return before.readings.some(({ recordId }) => !kept.has(recordId));
}
