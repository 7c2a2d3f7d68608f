import { queryCacheHits, queryCacheMisses } from '../../../metrics';
import type { ClosedDay } from '../../../storage/glucoseDays';
import { BYTES_PER_READING } from './writePage';
import { type WrittenDay, writeDay } from './writtenDay';

/** Neither a day nor that it was asked for is kept longer, whoever asks: what is erased is gone soon. */
const KEPT_MS = 5 * 60_000;
const SWEEP_MS = 60_000;
const MOST_ASKED = 20_000;

interface Kept {
  readonly day: WrittenDay;
  readonly until: number;
  askedAt: number;
}

/**
 * Days written for one page, for the next: a memo of what `writeDay` gives, and of nothing else. A day is looked up by what the database says
 * of it now, all of it: only one packed exactly alike is the same. So nothing that is changed, erased or somebody else's can be answered.
 *
 * A day is kept from the second time it is asked for, and in place of others only if those were not asked for since the first: who reads a
 * year once leaves nothing here, and many who ask in turns do not push each other out.
 */
export class WrittenDays {
  /** By `_id`; the one that was not asked for the longest first. */
  private readonly kept = new Map<string, Kept>();
  /** When each day was last asked for; the longest ago first. */
  private readonly asked = new Map<string, number>();
  private bytes = 0;
  private sweeping: NodeJS.Timeout | null = null;

  /**
   * @param mostBytes of memory together; 0 keeps nothing
   * @param now Unix milliseconds
   */
  constructor(
    private readonly mostBytes: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** @returns null where it is not worth keeping: the page had better write it itself */
  find(day: ClosedDay): WrittenDay | null {
    if (this.mostBytes === 0 || day.packed.odd.length > 0) return null;
    const now = this.now();
    const askedBefore = this.ask(day._id, now);

    const kept = this.kept.get(day._id);
    if (kept && kept.until > now && kept.day.packed.isAs(day.packed)) {
      this.kept.delete(day._id);
      this.kept.set(day._id, kept);
      kept.askedAt = now;
      queryCacheHits.inc();
      return kept.day;
    }
    queryCacheMisses.inc();
    this.drop(day._id);
    if (askedBefore <= now - KEPT_MS || !this.makeRoom(day.packed.count * BYTES_PER_READING, askedBefore)) return null;
    return this.keep(writeDay(day), now);
  }

  /** What is kept of somebody who is not there any more. */
  forget(teamId: string, userId: string): void {
    for (const { day } of this.kept.values()) if (day.userId === userId && day.teamId === teamId) this.drop(day._id);
  }

  /** @returns when it was asked for before; -Infinity if it was not, as far as is remembered */
  private ask(id: string, now: number): number {
    const before = this.asked.get(id) ?? -Infinity;
    this.asked.delete(id);
    this.asked.set(id, now);
    const [longestAgo] = this.asked.keys();
    if (this.asked.size > MOST_ASKED && longestAgo !== undefined) this.asked.delete(longestAgo);
    return before;
  }

  /** @returns false where that took days which were asked for since `askedBefore` */
  private makeRoom(bytes: number, askedBefore: number): boolean {
    if (bytes > this.mostBytes) return false;
    for (const [id, { askedAt }] of this.kept) {
      if (this.bytes + bytes <= this.mostBytes) break;
      if (askedAt >= askedBefore) return false;
      this.drop(id);
    }
    return true;
  }

  private keep(day: WrittenDay, now: number): WrittenDay {
    if (this.bytes + day.bytes > this.mostBytes) return day;
    this.bytes += day.bytes;
    this.kept.set(day._id, { day, until: now + KEPT_MS, askedAt: now });
    this.sweepLater();
    return day;
  }

  private drop(id: string): void {
    this.bytes -= this.kept.get(id)?.day.bytes ?? 0;
    this.kept.delete(id);
  }

  private sweepLater(): void {
    this.sweeping ??= setTimeout(() => this.sweep(), SWEEP_MS).unref();
  }

  private sweep(): void {
    this.sweeping = null;
    const now = this.now();
    for (const [id, { until }] of this.kept) if (until <= now) this.drop(id);
    if (this.kept.size > 0) this.sweepLater();
  }
}
