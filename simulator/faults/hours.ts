import { DAY_MS, HOUR_MS, MINUTE_MS } from '../duration';
import { utcOffsetMs } from '../people/zone';
import type { Fault } from './fault';

type Hours = NonNullable<Fault['daily']>;

/** Whether a clock in the zone stands within these hours, midnight among them if they begin late (dexcom-api.md §8.13, F1). */
export function withinHours({ from, to, zone }: Hours, at: number): boolean {
  const local = (at + utcOffsetMs(zone, at)) % DAY_MS;
  const [start, end] = [sinceMidnight(from), sinceMidnight(to)];
  return start <= end ? local >= start && local < end : local >= start || local < end;
}

function sinceMidnight(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * HOUR_MS + minutes * MINUTE_MS;
}
