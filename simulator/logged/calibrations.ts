import { DAY_MS, HOUR_MS } from '../duration';
import { switchesAt } from '../people/switchesAt';
import type { Body } from '../physiology/body';
import { between, draw } from '../physiology/draw';
import { glucoseAt } from '../physiology/glucose';
import type { Origin } from '../readings/existing';
import { enteredBetween, type Happening } from './entered';
import type { Logged } from './logged';

const SHARE_OF_DAYS = 0.4;

/** Fingersticks told to the sensor, on some mornings (dexcom-api.md §2.6). */
export const calibrationsBetween = (origin: Origin, from: number, to: number): Logged[] =>
  enteredBetween(origin, { from, to }, happeningsOf).filter(({ takenAt }) => switchesAt(origin.person, takenAt).records === 'all');

function happeningsOf(body: Body, day: number): Happening[] {
  const at = day * DAY_MS + between(6, 9, draw(body.seed, day, 201)) * HOUR_MS;
  if (draw(body.seed, day, 200) >= SHARE_OF_DAYS) return [];
  return [{ at, name: 'calibration', fields: { unit: 'mg/dL', value: Math.round(glucoseAt(body, at)) } }];
}
