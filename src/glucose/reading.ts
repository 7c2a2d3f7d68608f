/**
 * One glucose reading as harmonised: every field Dexcom's record had that anybody could want, in fixed units, raw where a word is Dexcom's
 * (unknown words pass through). dexcom-api.md §2.4, §5.1.6, §6.
 */
export interface Reading extends ReadingOrigin {
  /** The other reports of the same measurement (phone and receiver twins, ±30 s), the shown one not among them. */
  readonly twins: readonly TwinOrigin[];
}

/** One record of Dexcom's, harmonised. */
export interface ReadingOrigin {
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
  /** Both times as sent, only where `rebuildTimes` (deviceTimeForms.ts) would not give the same. */
  readonly rawTimes: RawTimes | null;
  readonly device: ReadingDevice;
  /** Seconds since the transmitter started. */
  readonly transmitterTicks: number | null;
}

export interface RawTimes {
  readonly systemTime: string;
  readonly displayTime: string | null;
  /** The clock the person saw, read as if it were UTC, Unix milliseconds; null if `displayTime` is absent or cannot be read. */
  readonly displayAt: number | null;
}

/** What measured and showed it; the same for thousands of readings. */
export interface ReadingDevice {
  readonly transmitterId: string | null;
  readonly generation: string | null;
  readonly variant: string | null;
  readonly displayDevice: string | null;
  readonly displayApp: string | null;
}

/** A twin keeps the whole of its record: should the two ever part, it becomes a reading of its own. */
export interface TwinOrigin extends ReadingOrigin {
  /** It was shown, and announced, before its twin came … */
  readonly announced: boolean;
  /** … last with this value. Null if never, or if that is not known any more. */
  readonly announcedMgPerDl: number | null;
}

/** A reading in its day (src/storage/glucoseDays.ts). */
export interface StoredReading extends Reading {
  /**
   * Version of the day that announced this very record. 0: never announced (history, or its twin was in its place). -1: announced by another
   * day's version, or while its twin was still unknown.
   */
  readonly mark: number;
  /** What that version did with it. */
  readonly change: 'created' | 'updated' | 'none';
}
