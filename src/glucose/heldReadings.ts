import type { GlucoseDay } from '../storage/glucoseDays';
import { latestOfEach } from './latestOfEach';
import type { ReadingOrigin, StoredReading } from './reading';
import { isSameRecord } from './sameRecord';
import { shortHash } from './shortHash';
import { areTwins, TWINS_APART_MS } from './twins';

/** A stored reading and the day it stands in. */
export interface Held {
  readonly day: GlucoseDay;
  readonly reading: StoredReading;
}

/** A twin lies this close; a shown reading may lie as far from its own twin again. */
const FAR_MS = 2 * TWINS_APART_MS;

/** A power of two, several times the readings of a month. */
const PLACES = 65_536;

/** The readings of some days, found by the records they were made of and by time. */
export class HeldReadings {
  /** By time: days are, and so are the readings in each. */
  private readonly sorted: Held[] = [];
  private readonly byRecord = new Map<string, Held>();
  /** Where no id of these has its place, none is: most records of a window of history are new, and looking a new text up costs its hash. */
  private readonly taken = new Uint8Array(PLACES);
  /** Records that stand more than once, only where a move between days was cut short: all their places. */
  private readonly copied = new Map<string, Held[]>();

  constructor(days: readonly GlucoseDay[]) {
    for (const day of [...days].sort((a, b) => (a._id < b._id ? -1 : 1))) {
      // Two versions' marks in one day cannot be told apart afterwards (design §2, "Nobody writes over unpublished news").
      if (day.unpublished) throw new Error(`${day._id} has unpublished news: publish it, then read it again`);
      for (const reading of day.readings) this.add({ day, reading });
    }
  }

  /** The readings that a record is in. */
  made(recordId: string): readonly Held[] {
    const one = this.byRecord.get(recordId);
    return one ? (this.copied.get(recordId) ?? [one]) : [];
  }

  /** The record as last stored; of two copies the one a fetch would keep. */
  record(recordId: string): ReadingOrigin | undefined {
    return latestOfEach(this.recordsNamed(recordId))[0];
  }

  /**
   * Records that stand twice without contradicting themselves. A copy that does contradict waits for a fetch that tells which of the two is
   * right.
   */
  copies(): ReadingOrigin[] {
    return [...this.copied.keys()].flatMap((recordId) => {
      const [one, ...others] = this.recordsNamed(recordId);
      return one && others.every((other) => isSameRecord(other, one)) ? one : [];
    });
  }

  /** Those of `records` that do not stand here once, with the same content. */
  unlike<R extends ReadingOrigin>(records: readonly R[]): readonly R[] {
    return this.sorted.length === 0 ? records : records.filter((record) => !this.holdsSame(record));
  }

  /** Neither knows the record nor holds anything that could be its twin. */
  isFarFrom({ recordId, at }: ReadingOrigin): boolean {
    if (this.sorted.length === 0) return true;
    const next = this.sorted[this.firstFrom(at - FAR_MS)];
    return (next === undefined || next.reading.at > at + FAR_MS) && !this.has(recordId);
  }

  /** Readings that a record is, or might become, a twin of. */
  twinsOf(record: ReadingOrigin): Held[] {
    const found: Held[] = [];
    for (let i = this.firstFrom(record.at - FAR_MS); i < this.sorted.length; i++) {
      const held = this.sorted[i];
      if (!held || held.reading.at > record.at + FAR_MS) break;
      if (areTwins(record, held.reading) || held.reading.twins.some((twin) => areTwins(record, twin))) found.push(held);
    }
    return found;
  }

  private has(recordId: string): boolean {
    return this.taken[shortHash(recordId) & (PLACES - 1)] === 1 && this.byRecord.has(recordId);
  }

  private holdsSame(record: ReadingOrigin): boolean {
    if (!this.has(record.recordId)) return false;
    const held = this.byRecord.get(record.recordId);
    if (!held || this.copied.has(record.recordId)) return false;
    const stored = recordIn(held.reading, record.recordId);
    return stored !== undefined && isSameRecord(stored, record);
  }

  private add(held: Held): void {
    this.sorted.push(held);
    this.addRecord(held.reading.recordId, held);
    for (const { recordId } of held.reading.twins) this.addRecord(recordId, held);
  }

  private addRecord(recordId: string, held: Held): void {
    const known = this.byRecord.get(recordId);
    if (known) this.copied.set(recordId, [...(this.copied.get(recordId) ?? [known]), held]);
    else this.byRecord.set(recordId, held);
    this.taken[shortHash(recordId) & (PLACES - 1)] = 1;
  }

  private recordsNamed(recordId: string): ReadingOrigin[] {
    return this.made(recordId).flatMap(({ reading }) => recordIn(reading, recordId) ?? []);
  }

  private firstFrom(at: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle]?.reading.at ?? at) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const recordsOf = (reading: StoredReading): readonly ReadingOrigin[] => [reading, ...reading.twins];

const recordIn = (reading: StoredReading, recordId: string): ReadingOrigin | undefined =>
  reading.recordId === recordId ? reading : reading.twins.find((twin) => twin.recordId === recordId);
