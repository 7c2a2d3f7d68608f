import { HOUR_MS } from '../duration';
import { utcOffsetMs } from '../people/zone';

/**
 * @param text `YYYY-MM-DDThh:mm:ss`, a space for the T allowed, on the wall clock of `zone`
 * @param previousAt the reading before; in autumn's repeated hour the second pass is taken once the first would go back in time
 * @returns Unix milliseconds, or null if it is no such time
 */
export function localInstant(text: string, zone: string, previousAt: number | null): number | null {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})$/.exec(text) ?? [];
  const wall = Date.parse(`${date}T${time}Z`);
  if (date === undefined || Number.isNaN(wall)) return null;

  const passes = [wall - utcOffsetMs(zone, wall - 12 * HOUR_MS), wall - utcOffsetMs(zone, wall + 12 * HOUR_MS)];
  const real = passes.filter((at) => at + utcOffsetMs(zone, at) === wall).toSorted((a, b) => a - b);
  // An hour that spring skipped: as if the clock had not been changed yet.
  const [first = passes[0] ?? wall, second = first] = real;
  return previousAt !== null && first < previousAt ? second : first;
}

/** Before CGM or far ahead is a broken date, not a reading. */
export const isPlausible = (at: number): boolean => at > Date.parse('2000-01-01T00:00:00Z') && at < Date.parse('2100-01-01T00:00:00Z');
