import { HOUR_MS, MINUTE_MS } from '../duration';
import { switchesAt } from '../people/switchesAt';
import { existing, type Origin } from '../readings/existing';
import type { Reading } from '../readings/reading';
import type { Logged } from './logged';

const NO_READINGS_AFTER_MS = 20 * MINUTE_MS;
/** A device compares with what it read so long ago at most: so an alert depends on its readings alone, not on the window it is asked in. */
const REMEMBERED_MS = 3 * HOUR_MS;

interface Alert {
  readonly alertName: string;
  readonly sounds: (reading: Reading, before: Reading | null) => boolean;
}

const value = ({ mgPerDl }: Reading): number => mgPerDl ?? 100;
const rate = ({ trendRate }: Reading): number => trendRate ?? 0;

const ALERTS: readonly Alert[] = [
  { alertName: 'high', sounds: (reading) => value(reading) > 250 },
  { alertName: 'low', sounds: (reading) => value(reading) < 70 },
  { alertName: 'urgentLow', sounds: (reading) => value(reading) < 55 },
  { alertName: 'urgentLowSoon', sounds: (reading) => value(reading) >= 55 && value(reading) + 20 * rate(reading) < 55 },
  { alertName: 'rise', sounds: (reading) => rate(reading) >= 3 },
  { alertName: 'fall', sounds: (reading) => rate(reading) <= -3 },
  { alertName: 'noReadings', sounds: ({ takenAt }, before) => before !== null && takenAt - before.takenAt > NO_READINGS_AFTER_MS },
];
/** A ONE+ never has these (dexcom-api.md §2.7, §8.30). */
const NOT_ON_ONE_PLUS: readonly string[] = ['urgentLow', 'urgentLowSoon', 'rise', 'fall'];

/** What the devices cried and when they were quiet again, told from the readings as they were taken (dexcom-api.md §2.7). */
export function alertsBetween(origin: Origin, from: number, to: number): Logged[] {
  const onePlus = origin.person.device.displayApp === 'D1G7';
  const known = onePlus ? ALERTS.filter(({ alertName }) => !NOT_ON_ONE_PLUS.includes(alertName)) : ALERTS;
  const readings = existing(origin, from - 2 * REMEMBERED_MS - HOUR_MS, to, AS_TAKEN).filter(({ device }) => device === undefined);
  return readings.flatMap((reading, n) => {
    const before = remembered(reading, readings[n - 1]);
    if (!before || reading.measuredAt < from || switchesAt(origin.person, reading.takenAt).records === 'egvs') return [];
    const earlier = remembered(before, readings[n - 2]);
    return known.flatMap(({ alertName, sounds }) => {
      const [sounded, soundsNow] = [sounds(before, earlier), sounds(reading, before)];
      return sounded === soundsNow ? [] : [alert(reading, alertName, soundsNow ? 'activeAlarming' : 'inactive')];
    });
  });
}

/** Before anything was corrected or revised. */
const AS_TAKEN = 0;

const remembered = ({ takenAt }: Reading, before: Reading | undefined): Reading | null =>
  before && Math.abs(takenAt - before.takenAt) <= REMEMBERED_MS ? before : null;

const alert = (reading: Reading, alertName: string, alertState: string): Logged => ({
  key: `alert:${reading.key}:${alertName}`,
  measuredAt: reading.measuredAt,
  takenAt: reading.takenAt,
  visibleAt: reading.visibleAt,
  transmitterId: reading.transmitterId,
  transmitterTicks: reading.transmitterTicks,
  fields: { alertName, alertState },
});
