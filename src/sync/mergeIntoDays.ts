import { merge } from '../glucose/merge';
import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GlucoseDay } from '../storage/glucoseDays';
import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import type { Slice } from './fetchSlices';
import { publishDay } from './publishNews';
import { readPublished } from './readPublished';
import { type DayChange, writeDays } from './writeDays';

/** Rounds of read, merge and write: somebody else's write in between asks for another. A pull that loses all of these begins anew. */
const MOST_ROUNDS = 10;

export interface Merged {
  /** The window's days as they now stand, with a day on either side. */
  readonly days: readonly GlucoseDay[];
  /** Stored for the first time, history included. */
  readonly added: number;
  readonly created: number;
  readonly updated: number;
}

/**
 * Merges one fetch into its days and publishes the news. Each day is replaced whole, filtered by the version it was read at: if somebody else
 * has written it, all of them are read again.
 * @param asRead the window's days, without unpublished news, as of any moment: a day is only written over the version that was read
 * @throws SyncFailure `Superseded`; the signal's reason if it is aborted between two writes
 */
export async function mergeIntoDays(
  deps: SyncDeps,
  pull: Pull,
  { window, answer: { readings } }: Slice,
  asRead: readonly GlucoseDay[],
): Promise<Merged> {
  const { connection, pullSeq, request } = pull;
  const purpose = request.purpose === 'deepSweep' ? 'sweep' : request.purpose;
  const changes: DayChange[] = [];
  // First: who sees a reading can look up what measured it.
  await deps.devices.note(connection, new Set(readings.map(({ device }) => device)), Date.now());

  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = round === 0 ? asRead : await readPublished(deps, pull, window);
    const { days, again } = merge(before, readings, { connection: toldOf(pull), purpose, pullSeq });
    const written = await writeDays(deps, request.signal, changesOf(before, days));
    changes.push(...written);
    // What was written is published by the next read.
    if (written.length < days.length || again) continue;

    for (const { next } of written) if (next.unpublished) await publishDay(deps, connection, next);
    return { days: [...before.filter(({ _id }) => !days.some((day) => day._id === _id)), ...days], ...counts(changes) };
  }
  throw new Error('other writers came first every time');
}

/** Where history is pushed nothing is history: all of it is told, by the same rules and as safely. */
const toldOf = ({ connection }: Pull): ConnectionDoc => (connection.history?.pushed ? { ...connection, liveFrom: -Infinity } : connection);

const changesOf = (before: readonly GlucoseDay[], days: readonly GlucoseDay[]): DayChange[] =>
  days.map((next) => ({ next, before: before.find(({ _id }) => _id === next._id) }));

function counts(changes: readonly DayChange[]): Omit<Merged, 'days'> {
  const news = changes.flatMap(({ next }) => next.readings.filter(({ mark }) => mark === next.version));
  return {
    added: changes.reduce((sum, { before, next }) => sum + next.readings.length - (before?.readings.length ?? 0), 0),
    created: news.filter(({ change }) => change === 'created').length,
    updated: news.filter(({ change }) => change === 'updated').length,
  };
}
