import type { Origin } from '../readings/existing';
import { alertsBetween } from './alerts';
import { calibrationsBetween } from './calibrations';
import { eventsBetween } from './events';
import type { Logged, LoggedType } from './logged';

/** Somebody's records of one type with `from <= measuredAt < to`, as things stood at `asOf`, oldest first, seen or not (dexcom-api.md §8.30). */
export function loggedBetween(type: LoggedType, origin: Origin, from: number, to: number, asOf: number): Logged[] {
  // Most people have readings alone.
  if (!origin.person.switches?.some(({ switches }) => switches.records !== 'egvs')) return [];
  switch (type) {
    case 'event':
      return eventsBetween(origin, from, to, asOf);
    case 'calibration':
      return calibrationsBetween(origin, from, to);
    case 'alert':
      return alertsBetween(origin, from, to);
  }
}
