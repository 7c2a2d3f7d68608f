import { existing, type Origin } from '../readings/existing';
import type { Reading } from '../readings/reading';
import { applyEvent } from './applyEvent';
import { simulatedNow } from './clock';
import type { WorldEvent } from './events';
import type { Journal } from './journal';
import { emptyState, type State } from './state';

/** The simulated world: its state, its clock, and the one way to change it. */
export class World {
  private readonly current: State = emptyState(Date.now());

  constructor(private readonly journal: Journal) {
    for (const event of journal.past) applyEvent(this.current, event);
  }

  /** Read it freely; change it by `record`. */
  get state(): Readonly<State> {
    return this.current;
  }

  /** Unix milliseconds of the simulated clock. */
  now(): number {
    return simulatedNow(this.current.clock, Date.now());
  }

  /** Writes the event down, then lets it happen. Whatever is answered to an app was recorded before. */
  record(event: WorldEvent): void {
    this.journal.append(event);
    applyEvent(this.current, event);
  }

  /** @returns what the person's readings follow from; null for a stranger */
  origin(personId: string): Origin | null {
    const person = this.current.people.get(personId);
    if (!person) return null;
    const { source } = person;
    const recording = source.kind === 'recording' ? (this.current.recordings.get(source.recordingId) ?? null) : null;
    return { seed: this.current.seed, person, recording };
  }

  /** The person's readings measured in `[from, to)` as things stand now, seen or not; none for a stranger. */
  readings(personId: string, from: number, to: number): Reading[] {
    const origin = this.origin(personId);
    return origin ? existing(origin, from, to, this.now()) : [];
  }

  close(): void {
    this.journal.close();
  }
}
