/**
 * One glucose reading as harmonised: every field Dexcom's record had that anybody could want, in fixed units, raw where a word is Dexcom's
 * (unknown words pass through). dexcom-api.md §2.4, §5.1.6, §6.
 */
export interface Reading {
  /** systemTime, Unix milliseconds: order, identity and cursor. */
  readonly at: number;
  /** Integer; 39 and 401 stand for below and above the sensor's range; null was sent as null. */
  readonly mgPerDl: number | null;
  readonly recordId: string;
  /** Dexcom's word, `none`, `flat`, `singleUp` …; null if absent. Never derived from the rate. */
  readonly trend: string | null;
  readonly trendRateMgPerDlPerMin: number | null;
  readonly status: string | null;
  /** Local clock minus UTC as the device showed it, seconds; null if it cannot be told. */
  readonly utcOffsetSeconds: number | null;
  /** `displayTime` and `systemTime` as sent, only where they cannot be rebuilt from the fields above. */
  readonly rawTimes: { readonly systemTime: string; readonly displayTime: string } | null;
  readonly device: ReadingDevice;
  /** Seconds since the transmitter started. */
  readonly transmitterTicks: number | null;
  /** The other reports of the same measurement (phone and receiver twins, ±30 s), the shown one not among them. */
  readonly twins: readonly TwinOrigin[];
}

/** What measured and showed it; the same for thousands of readings. */
export interface ReadingDevice {
  readonly transmitterId: string | null;
  readonly generation: string | null;
  readonly variant: string | null;
  readonly displayDevice: string | null;
  readonly displayApp: string | null;
}

export interface TwinOrigin {
  readonly recordId: string;
  readonly at: number;
  readonly mgPerDl: number | null;
  readonly displayDevice: string | null;
}
