import type { DeviceProfile } from '../people/person';

/** One measurement as it exists, before any app's view of it. Instants are Unix milliseconds of the simulated clock. */
export interface Reading {
  /** Names the measurement for ever: every recordId follows from it. */
  readonly key: string;
  /** systemTime: by the device's clock, which may be wrong. */
  readonly measuredAt: number;
  /** By a clock that is right. */
  readonly takenAt: number;
  /** Null while it is held back with no end in sight. */
  readonly visibleAt: number | null;
  /** 39 and 401 stand for below and above the sensor's range. */
  readonly mgPerDl: number | null;
  readonly trend: string | null;
  /** mg/dL per minute. */
  readonly trendRate: number | null;
  readonly transmitterId: string;
  /** Seconds since the transmitter started. */
  readonly transmitterTicks: number;
  /** Where it is not the person's first device that reports it. */
  readonly device?: DeviceProfile;
  /** When its value was last changed. */
  readonly changedAt?: number;
}

/** A reading before its way to Dexcom and corrections. */
export type Measurement = Omit<Reading, 'visibleAt' | 'takenAt'>;
