import type { Reading, ReadingDevice } from '../../../glucose/reading';
import { dayStart } from '../../../storage/glucoseDays';
import type { GlucosePage } from './page';
import type { WrittenDay } from './writtenDay';

/** Readings of one source: of one connection, measured by one device. */
export interface Group {
  readonly connectionId: string;
  /** What made its first one; all have the same transmitter. */
  readonly device: ReadingDevice;
  /** In the order of time; those written before are JSON, a comma before each. */
  readonly pieces: (Reading[] | Uint8Array<ArrayBuffer>)[];
}

/** One group for each source, in the order of their first readings. Readings without a value are told nobody. */
export function groupsOf(page: Pick<GlucosePage, 'readings' | 'whole' | 'ownerOf'>): readonly Group[] {
  const bySource = new Map<string, Group>();
  for (const part of partsOf(page)) {
    if ('runs' in part) for (const { device, samples } of part.runs) groupOf(bySource, part.connectionId, device).pieces.push(samples);
    else addReadings(bySource, part, page.ownerOf);
  }
  return [...bySource.values()];
}

/** By time: whole days, and the readings of others between them. */
function* partsOf({ readings, whole }: Pick<GlucosePage, 'readings' | 'whole'>): Iterable<readonly Reading[] | WrittenDay> {
  let from = 0;
  for (const day of whole) {
    const midnight = dayStart(day._id);
    let to = from;
    while ((readings[to]?.at ?? Infinity) < midnight) to++;
    if (to > from) yield readings.slice(from, to);
    yield day;
    from = to;
  }
  yield from === 0 ? readings : readings.slice(from);
}

function addReadings(bySource: Map<string, Group>, readings: readonly Reading[], ownerOf: GlucosePage['ownerOf']): void {
  // Readings of one day share their device: only the first of each is looked up.
  let last: { readonly connectionId: string; readonly device: ReadingDevice; readonly into: Reading[] } | null = null;
  for (const reading of readings) {
    if (reading.mgPerDl === null) continue;
    const { device } = reading;
    const connectionId = ownerOf(reading);
    if (!last || last.device !== device || last.connectionId !== connectionId) {
      last = { connectionId, device, into: lastReadingsOf(groupOf(bySource, connectionId, device)) };
    }
    last.into.push(reading);
  }
}

function lastReadingsOf({ pieces }: Group): Reading[] {
  const last = pieces.at(-1);
  if (Array.isArray(last)) return last;
  const begun: Reading[] = [];
  pieces.push(begun);
  return begun;
}

function groupOf(bySource: Map<string, Group>, connectionId: string, device: ReadingDevice): Group {
  // By what the id of the source is made from: making the id takes longer than grouping a day.
  const { generation, transmitterId } = device;
  const source = transmitterId === null ? connectionId : JSON.stringify([connectionId, generation, transmitterId]);
  const known = bySource.get(source);
  if (known) return known;
  const group: Group = { connectionId, device, pieces: [] };
  bySource.set(source, group);
  return group;
}
