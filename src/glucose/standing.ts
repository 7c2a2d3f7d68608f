import { type Held, recordsOf } from './heldReadings';
import type { ReadingOrigin, StoredReading } from './reading';

/** What an app was told of a record. */
export interface Telling {
  readonly at: number;
  readonly mgPerDl: number | null;
  /** All of it, if the record is still shown. */
  readonly reading: StoredReading | null;
}

/** What was shown, and what the app was told, before some readings were grouped anew. */
export class Standing {
  private readonly shown = new Map<string, Held[]>();
  private readonly tellings = new Map<string, Telling[]>();

  constructor(opened: readonly Held[]) {
    for (const held of opened) {
      const { reading } = held;
      append(this.shown, reading.recordId, held);
      if (reading.mark !== 0) append(this.tellings, reading.recordId, { at: reading.at, mgPerDl: reading.mgPerDl, reading });
      for (const twin of reading.twins) {
        if (twin.announced) append(this.tellings, twin.recordId, { at: twin.at, mgPerDl: twin.announcedMgPerDl, reading: null });
      }
    }
  }

  /** The readings that a group takes the place of. */
  replacedBy(group: readonly ReadingOrigin[]): readonly Held[] {
    return group.flatMap(({ recordId }) => this.shown.get(recordId) ?? []);
  }

  /** More than one only of copies. */
  toldOf(recordId: string): readonly Telling[] {
    return this.tellings.get(recordId) ?? [];
  }

  /** Whether the app was told of any of its records. */
  wasTold(reading: StoredReading): boolean {
    return recordsOf(reading).some(({ recordId }) => this.tellings.has(recordId));
  }
}

function append<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
