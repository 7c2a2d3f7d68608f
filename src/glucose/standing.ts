import type { Held } from './heldReadings';
import type { ReadingOrigin } from './reading';

/** What was shown, and what the app was told, before some readings were grouped anew. */
export class Standing {
  private readonly shown = new Map<string, Held[]>();
  private readonly told = new Set<string>();

  constructor(opened: readonly Held[]) {
    for (const held of opened) {
      const { recordId, mark, twins } = held.reading;
      this.shown.set(recordId, [...(this.shown.get(recordId) ?? []), held]);
      if (mark !== 0) this.told.add(recordId);
      for (const twin of twins) if (twin.announced) this.told.add(twin.recordId);
    }
  }

  /** The readings that a group takes the place of: what was told of them was told of it. */
  replacedBy(group: readonly ReadingOrigin[]): readonly Held[] {
    return group.flatMap(({ recordId }) => this.shown.get(recordId) ?? []);
  }

  /** Whether the app has been told of this very record. */
  wasTold(recordId: string): boolean {
    return this.told.has(recordId);
  }
}
