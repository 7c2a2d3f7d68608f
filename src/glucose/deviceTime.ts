/** A time as a device or Dexcom wrote it. The text may or may not name its zone, and nothing follows from either (dexcom-api.md §2.3). */
export interface DeviceTime {
  /** The digits read as if they were UTC, Unix milliseconds; finer fractions are cut off. */
  readonly clockAt: number;
  /** The zone in the text, seconds east of UTC; null if it names none. */
  readonly zoneSeconds: number | null;
  /** `other` for every way of writing but `yyyy-mm-ddThh:mm:ss[.mmm]`, followed by nothing, `Z` or `±hh:mm`. */
  readonly layout: 'bare' | 'utc' | 'offset' | 'other';
}

// Seconds missing, no padding, blank for T, offsets in four lengths and nine digits of fraction have all been served (F7, F8).
const ANY_FORM =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?\s?(?:([Zz])|([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?)?$/;

const DAY_MS = 86_400_000;
const PLUS = 43;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const BIG_T = 84;
const BIG_Z = 90;

/** @returns null if no such time exists: unreadable, 30 February, 25 o'clock */
export function readDeviceTime(text: string): DeviceTime | null {
  return readUsualForm(text) ?? readAnyForm(text.trim());
}

// Nearly every time is written in one way, and a window has 17,280 of them: no regular expression, no `Date`, and for a pair of the usual
// ones no object either.

/** `yyyy-mm-ddThh:mm:ss[.mmm]Z` as Unix milliseconds; NaN for every other form. */
export function readUsualUtc(text: string): number {
  const end = endOfClock(text);
  return text.length === end + 1 && text.charCodeAt(end) === BIG_Z ? readClock(text) : Number.NaN;
}

/** The offset, seconds, of a text that says `at` as `yyyy-mm-ddThh:mm:ss[.mmm]±hh:mm`; NaN for every other text. */
export function readUsualOffset(text: string, at: number): number {
  const zoneSeconds = readZone(text, endOfClock(text));
  return readClock(text) === at + zoneSeconds * 1000 ? zoneSeconds : Number.NaN;
}

function readUsualForm(text: string): DeviceTime | null {
  const clockAt = readClock(text);
  if (Number.isNaN(clockAt)) return null;
  const end = endOfClock(text);
  if (text.length === end) return { clockAt, zoneSeconds: null, layout: 'bare' };
  if (text.length === end + 1 && text.charCodeAt(end) === BIG_Z) return { clockAt, zoneSeconds: 0, layout: 'utc' };
  const zoneSeconds = readZone(text, end);
  return Number.isNaN(zoneSeconds) ? null : { clockAt, zoneSeconds, layout: 'offset' };
}

const endOfClock = (text: string): number => (text.charCodeAt(19) === DOT ? 23 : 19);

/** The clock that a text in the usual form begins with; NaN if it does not. */
function readClock(text: string): number {
  if (text.length < 19 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH || text.charCodeAt(10) !== BIG_T) return Number.NaN;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return Number.NaN;
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if ((century | year | month | day | hour | minute | second) < 0) return Number.NaN;

  const ms = text.charCodeAt(19) === DOT ? twoDigits(text, 20) * 10 + digit(text, 22) : 0;
  // A fraction of zero would not be written again.
  if (ms < 0 || (ms === 0 && text.charCodeAt(19) === DOT)) return Number.NaN;
  return daysSinceEpoch(century * 100 + year, month, day) * DAY_MS + timeOfDay(hour, minute, second, ms);
}

/** `±hh:mm` from `end` to the end of the text, seconds; NaN for anything else. */
function readZone(text: string, end: number): number {
  const sign = signOf(text.charCodeAt(end));
  if (text.length !== end + 6 || text.charCodeAt(end + 3) !== COLON || sign === 0) return Number.NaN;
  const zoneSeconds = zoneOf(sign, twoDigits(text, end + 1), twoDigits(text, end + 4), 0);
  // `-00:00` would not be written again.
  return zoneSeconds === 0 && sign < 0 ? Number.NaN : zoneSeconds;
}

function readAnyForm(text: string): DeviceTime | null {
  const match = ANY_FORM.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', utc, sign, zoneHour, zoneMinute = '0', zoneSecond = '0'] = match;

  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const days = daysSinceEpoch(Number(year), Number(month), Number(day));
  const clockAt = days * DAY_MS + timeOfDay(Number(hour), Number(minute), Number(second), ms);
  if (Number.isNaN(clockAt)) return null;

  if (utc) return { clockAt, zoneSeconds: 0, layout: 'other' };
  if (!sign) return { clockAt, zoneSeconds: null, layout: 'other' };
  const zoneSeconds = zoneOf(signOf(sign.charCodeAt(0)), Number(zoneHour), Number(zoneMinute), Number(zoneSecond));
  return Number.isNaN(zoneSeconds) ? null : { clockAt, zoneSeconds, layout: 'other' };
}

/** The date asked for last: most times in an answer are of the same day as the one before. */
let lastDate = Number.NaN;
let lastDays = Number.NaN;

/** NaN for a date that is none. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  // Two digits each, as all callers read them; four for the year.
  const date = (year * 100 + month) * 100 + day;
  if (date !== lastDate) {
    lastDays = countDays(year, month, day);
    lastDate = date;
  }
  return lastDays;
}

function countDays(year: number, month: number, day: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const daysInMonth = month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth)) return Number.NaN;
  // Years counted from March, so that the leap day comes last.
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 719_469;
}

const timeOfDay = (hour: number, minute: number, second: number, ms: number): number =>
  hour < 24 && minute < 60 && second < 60 ? ((hour * 60 + minute) * 60 + second) * 1000 + ms : Number.NaN;

const zoneOf = (sign: number, hour: number, minute: number, second: number): number =>
  hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second < 60 ? sign * ((hour * 60 + minute) * 60 + second) + 0 : Number.NaN;

const signOf = (character: number): number => (character === PLUS ? 1 : character === DASH ? -1 : 0);

/** Below zero for what is none, as in `twoDigits`. */
function digit(text: string, index: number): number {
  const value = text.charCodeAt(index) - ZERO;
  return value >= 0 && value <= 9 ? value : -100;
}

function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - ZERO;
  const ones = text.charCodeAt(index + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -100;
}
