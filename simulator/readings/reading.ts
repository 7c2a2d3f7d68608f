/** One measurement as it exists, before any app's view of it. Instants are Unix milliseconds of the simulated clock. */
export interface Reading {
  /** Names the measurement for ever: every recordId follows from it. */
  readonly key: string;
  /** systemTime. */
  readonly measuredAt: number;
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
}

/** A reading before delay and corrections. */
export type Measurement = Omit<Reading, 'visibleAt'>;
