import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../duration';

const QUARTER_MS = 15 * MINUTE_MS;
const formats = new Map<string, Intl.DateTimeFormat>();
const looked = new Map<string, Map<number, number>>();

/** @returns local clock minus UTC in milliseconds */
export function utcOffsetMs(zone: string, at: number): number {
  if (zone === 'UTC') return 0;
  const midnight = Math.floor(at / DAY_MS) * DAY_MS;
  const before = lookUp(zone, midnight);
  // Looking up is slow; on all but two days of the year both ends of the day agree.
  return before === lookUp(zone, midnight + DAY_MS) ? before : lookUp(zone, Math.floor(at / QUARTER_MS) * QUARTER_MS);
}

/** @returns whether the runtime knows the zone by this name */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export const Zone = z.string().refine(isZone, 'must be an IANA time zone');

function lookUp(zone: string, at: number): number {
  const offsets = looked.get(zone) ?? new Map<number, number>();
  looked.set(zone, offsets);
  const known = offsets.get(at);
  if (known !== undefined) return known;
  const offset = parseOffset(formatOf(zone).formatToParts(at).find(isZoneName)?.value);
  offsets.set(at, offset);
  return offset;
}

const isZoneName = ({ type }: Intl.DateTimeFormatPart): boolean => type === 'timeZoneName';

/** @param text `GMT+05:30`, or `GMT` alone for none */
function parseOffset(text = 'GMT'): number {
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  return sign === '-' ? -size : size;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  return format;
}
