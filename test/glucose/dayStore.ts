import { merge } from '../../src/glucose/merge';
import type { MergeContext } from '../../src/glucose/mergeContext';
import type { Reading, ReadingOrigin, StoredReading } from '../../src/glucose/reading';
import type { GlucoseDay } from '../../src/storage/glucoseDays';

export const CONNECTION = { _id: 'c0ffee00-0000-4000-8000-000000000001', teamId: 'team', userId: 'user' };

/** What an app was told of one reading. */
export interface Telling {
  readonly change: 'created' | 'updated';
  readonly recordId: string;
  readonly at: number;
  readonly mgPerDl: number | null;
}

/** Days in memory, written and published in the order of the pull protocol: what `unpublished` days hold is told before they are merged. */
export class DayStore {
  readonly days = new Map<string, GlucoseDay>();
  readonly told: Telling[] = [];
  private pulls = 0;

  constructor(private readonly liveFrom: number) {}

  /** @param writes how many days this pull writes before it is killed. @returns whether it came to its end */
  pull(readings: readonly Reading[], purpose: MergeContext['purpose'], writes = Number.POSITIVE_INFINITY): boolean {
    const context = { connection: { ...CONNECTION, liveFrom: this.liveFrom }, purpose, pullSeq: ++this.pulls };
    let left = writes;
    for (let round = 0; round < 5; round++) {
      this.publish();
      const { days, again } = merge([...this.days.values()], readings, context);
      for (const day of days) {
        if (left-- <= 0) return false;
        if (day.version !== (this.days.get(day._id)?.version ?? 0) + 1) throw new Error(`${day._id} skips a version`);
        const before = this.records();
        this.days.set(day._id, day);
        const after = this.records();
        if ([...before].some((recordId) => !after.has(recordId))) throw new Error('a record is in no day between two writes');
      }
      if (!again) {
        this.publish();
        return true;
      }
    }
    throw new Error('a merge that never comes to rest');
  }

  readings(): StoredReading[] {
    return [...this.days.values()].sort((a, b) => (a._id < b._id ? -1 : 1)).flatMap((day) => day.readings);
  }

  /** Without what depends on when it was merged. */
  content(): { readonly shown: ReadingOrigin; readonly twins: readonly ReadingOrigin[] }[] {
    return this.readings().map(({ mark, change, twins, ...shown }) => ({
      shown,
      twins: twins.map(({ announced, announcedMgPerDl, ...twin }) => twin),
    }));
  }

  private records(): Set<string> {
    return new Set(this.readings().flatMap(({ recordId, twins }) => [recordId, ...twins.map((twin) => twin.recordId)]));
  }

  private publish(): void {
    for (const day of this.days.values()) {
      if (!day.unpublished) continue;
      for (const change of ['created', 'updated'] as const) {
        for (const reading of day.readings) {
          if (reading.mark !== day.version || reading.change !== change) continue;
          this.told.push({ change, recordId: reading.recordId, at: reading.at, mgPerDl: reading.mgPerDl });
        }
      }
      this.days.set(day._id, { ...day, unpublished: false });
    }
  }
}
