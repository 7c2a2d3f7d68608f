import type { Person } from './person';
import type { Switches } from './switches';
import { switchesAt } from './switchesAt';

/** @returns how far the device's system clock and its display are off at a true instant, milliseconds; positive is ahead */
export function clockErrorAt({ clockErrors }: Switches, takenAt: number): { readonly system: number; readonly display: number } {
  return clockErrors.findLast(({ from, to }) => takenAt >= from && takenAt < to) ?? RIGHT;
}

const RIGHT = { system: 0, display: 0 };

/** @returns the IANA zone the device's clock is set to */
export function zoneAt(person: Person, takenAt: number): string {
  const { travel, display } = switchesAt(person, takenAt);
  if (display === 'utc') return 'UTC';
  return travel.findLast(({ at }) => at <= takenAt)?.zone ?? person.zone;
}

/** How far systemTimes of this person may be behind and ahead of the true time: where to look for what belongs into a window. */
export function clockReach({ switches = [] }: Person): { readonly behindMs: number; readonly aheadMs: number } {
  const errors = switches.flatMap(({ switches: { clockErrors } }) => clockErrors.map(({ system }) => system));
  return { behindMs: -Math.min(0, ...errors), aheadMs: Math.max(0, ...errors) };
}
