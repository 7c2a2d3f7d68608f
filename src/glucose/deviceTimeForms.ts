import type { RawTimes, ReadingOrigin } from './reading';

/** Every way of writing a time that `writeDeviceTime` knows. Stored days number their combinations: changing a list takes a new format. */
const SEPARATORS = ['T', ' '] as const;
const FRACTIONS = ['needed', 'always'] as const;
const ZONES = ['', 'Z', '+hh:mm', '+hhmm', '+hh'] as const;

const LAYOUT = /^.{10}([T ])\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const MILLISECONDS_IN_DATE = 8.64e15;

/** What Dexcom usually writes; a reading whose record said the same needs no raw strings. */
export function rebuildTimes(reading: Pick<ReadingOrigin, 'at' | 'utcOffsetSeconds' | 'rawTimes'>): Omit<RawTimes, 'displayAt'> {
  const { at, utcOffsetSeconds, rawTimes } = reading;
  if (rawTimes) return { systemTime: rawTimes.systemTime, displayTime: rawTimes.displayTime };
  return {
    systemTime: `${writeClock(at, 'T', 'needed')}Z`,
    displayTime:
      utcOffsetSeconds === null ? null : writeClock(at + utcOffsetSeconds * 1000, 'T', 'needed') + writeZone('+hh:mm', utcOffsetSeconds),
  };
}

/** The number of the form `text` looks written in; null for one that has none. Writing it again tells whether it is. */
export function deviceTimeForm(text: string): number | null {
  const match = LAYOUT.exec(text);
  if (!match) return null;
  const [, separator, fraction, zone = ''] = match;
  const zoneForm = zone === '' || zone === 'Z' ? zone : zone.length === 6 ? '+hh:mm' : zone.length === 5 ? '+hhmm' : '+hh';
  const fractionForm = fraction === '.000' ? 'always' : 'needed';
  return (
    (SEPARATORS.indexOf(separator === ' ' ? ' ' : 'T') * FRACTIONS.length + FRACTIONS.indexOf(fractionForm)) * ZONES.length +
    ZONES.indexOf(zoneForm)
  );
}

/** @returns '' where the form cannot say it */
export function writeDeviceTime(form: number, clockAt: number, zoneSeconds: number): string {
  const zone = ZONES[form % ZONES.length];
  const fraction = FRACTIONS[Math.floor(form / ZONES.length) % FRACTIONS.length];
  const separator = SEPARATORS[Math.floor(form / (ZONES.length * FRACTIONS.length))];
  if (zone === undefined || fraction === undefined || separator === undefined || !(Math.abs(clockAt) <= MILLISECONDS_IN_DATE)) return '';
  return writeClock(clockAt, separator, fraction) + writeZone(zone, zoneSeconds);
}

function writeClock(clockAt: number, separator: string, fraction: (typeof FRACTIONS)[number]): string {
  const iso = new Date(clockAt).toISOString();
  const end = fraction === 'needed' && iso.endsWith('.000Z') ? -5 : -1;
  return separator === 'T' ? iso.slice(0, end) : iso.slice(0, end).replace('T', separator);
}

function writeZone(zone: (typeof ZONES)[number], seconds: number): string {
  if (zone === '' || zone === 'Z') return zone;
  const minutes = Math.abs(Math.round(seconds / 60));
  const sign = seconds < 0 ? '-' : '+';
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  if (zone === '+hh') return sign + hours;
  return sign + hours + (zone === '+hh:mm' ? ':' : '') + String(minutes % 60).padStart(2, '0');
}
