import type { DeviceProfile } from '../people/person';

/** What people and devices write down beside the readings. */
export type LoggedType = 'event' | 'calibration' | 'alert';

/** One such record as it exists, before any app's view of it. Instants are Unix milliseconds of the simulated clock. */
export interface Logged {
  /** Names the record for ever: every recordId follows from it. */
  readonly key: string;
  /** systemTime. */
  readonly measuredAt: number;
  readonly takenAt: number;
  /** Null: it never reaches Dexcom. */
  readonly visibleAt: number | null;
  readonly transmitterId: string;
  readonly transmitterTicks: number;
  readonly device?: DeviceProfile;
  /** Events only: when it was entered. */
  readonly recordedAt?: number;
  readonly changedAt?: number;
  /** What only this type of record has, in the words of dexcom-api.md §2.5–2.7. */
  readonly fields: Readonly<Record<string, unknown>>;
}
