import type { OddityName } from '../oddities/oddities';
import type { Correction } from './corrections';
import type { DelayChange } from './delay';
import type { Span } from './pace';
import type { SwitchChange } from './switchesAt';

/** Somebody with a Dexcom account. Instants are Unix milliseconds of the simulated clock. */
export interface Person {
  readonly id: string;
  readonly createdAt: number;
  readonly source: Source;
  /** When readings are taken, oldest span first; each rules until the next begins. */
  readonly spans: readonly Span[];
  readonly delays: readonly DelayChange[];
  readonly device: DeviceProfile;
  /** IANA zone of the device's clock, e.g. `Europe/Berlin`. */
  readonly zone: string;
  /** How this person's answers differ from the documentation. */
  readonly oddities: readonly OddityName[];
  readonly corrections: readonly Correction[];
  /** What their switches were, oldest change first; none where everything ever was as by default. */
  readonly switches?: readonly SwitchChange[];
}

/** Where the values come from: a simulated body, or a recording pushed through. */
export type Source = { readonly kind: 'physiology' } | { readonly kind: 'recording'; readonly recordingId: string };

/** What measures and shows the readings; words as in dexcom-api.md §2.4. */
export interface DeviceProfile {
  readonly generation: string;
  readonly variant: string | null;
  readonly displayDevice: string;
  readonly displayApp: string | null;
  /** Some apps write milliseconds into systemTime (dexcom-api.md §2.1.4). */
  readonly fractions: boolean;
}
