import { type DeviceTime, readDeviceTime } from '../glucose/deviceTime';

const MINUTE_SECONDS = 60;
const HALF_HOUR_MS = 1_800_000;
const DAY_MS = 86_400_000;
/** The world's zones (dexcom-api.md §5.1.6). */
const WEST_MOST_SECONDS = -12 * 3600;
const EAST_MOST_SECONDS = 14 * 3600;

/** When a systemTime was, Unix milliseconds: without a zone it is UTC (dexcom-api.md §2.3). NaN if it cannot be read. */
export function instantIn(systemTime: string): number {
  const time = readDeviceTime(systemTime);
  return time ? time.clockAt - (time.zoneSeconds ?? 0) * 1000 : Number.NaN;
}

/**
 * The shown clock's offset from UTC, seconds: the zone that displayTime names, to the minute; else what lies between the two times, to the
 * half hour. What remains is a clock that is wrong, by days even, and stays in the raw times (dexcom-api.md §5.1.6).
 */
export function utcOffsetOf(at: number, shown: DeviceTime): number {
  if (shown.zoneSeconds !== null) {
    const named = Math.round(shown.zoneSeconds / MINUTE_SECONDS) * MINUTE_SECONDS + 0;
    if (isZone(named)) return named;
  }
  const apart = shown.clockAt - at;
  const between = toHalfHour(apart);
  return isZone(between) ? between : toHalfHour(apart - Math.round(apart / DAY_MS) * DAY_MS);
}

const toHalfHour = (ms: number): number => (Math.round(ms / HALF_HOUR_MS) * HALF_HOUR_MS) / 1000 + 0;

/** False for NaN. */
export const isZone = (seconds: number): boolean => seconds >= WEST_MOST_SECONDS && seconds <= EAST_MOST_SECONDS;
