import { DAY_MS, HOUR_MS, MINUTE_MS } from '../duration';
import { switchesAt } from '../people/switchesAt';
import { type Body, bodyOf } from '../physiology/body';
import { dayOf } from '../physiology/day';
import { between, draw } from '../physiology/draw';
import { glucoseAt } from '../physiology/glucose';
import type { Origin } from '../readings/existing';
import { edited } from './editedEvents';
import { enteredBetween, type Happening } from './entered';
import type { Logged } from './logged';

const GRAMS_PER_UNIT = 10;

/** What the person writes down: meals, insulin, exercise and now and then something else (dexcom-api.md §2.5), edits of it included. */
export function eventsBetween(origin: Origin, from: number, to: number, asOf: number): Logged[] {
  const { seed } = bodyOf(origin.seed, origin.person.id);
  return enteredBetween(origin, { from, to }, happeningsOf)
    .filter(({ takenAt }) => switchesAt(origin.person, takenAt).records === 'all')
    .flatMap((event) => edited(event, switchesAt(origin.person, asOf), seed, asOf));
}

function happeningsOf(body: Body, day: number): Happening[] {
  const { meals, exercise } = dayOf(body, day);
  const midnight = day * DAY_MS;
  const chance = (n: number): number => draw(body.seed, day, 100 + n);
  const moment = (n: number): number => midnight + between(8, 21, chance(n)) * HOUR_MS;

  const events: Happening[] = meals.flatMap(({ at, riseMgPerDl }, n) => {
    const grams = Math.max(1, Math.round(riseMgPerDl / body.mgPerDlPerGram));
    const units = (grams / GRAMS_PER_UNIT).toFixed(1);
    const enteredAfterMs = Math.floor(chance(20 + n) * 15) * MINUTE_MS;
    return [
      { at: at - 10 * MINUTE_MS, name: `bolus:${n}`, fields: event('insulin', 'fastActing', units, 'units') },
      { at, name: `meal:${n}`, fields: event('carbs', null, String(grams), 'grams'), enteredAfterMs },
    ];
  });
  const basal = String(Math.round(between(10, 28, draw(body.seed, 1, 100))));
  events.push({ at: midnight + 22 * HOUR_MS, name: 'basal', fields: event('insulin', 'longActing', basal, 'units') });
  if (exercise) events.push({ at: exercise.at, name: 'exercise', fields: event('exercise', 'medium', '45', 'minutes') });
  if (chance(1) < 0.1) events.push({ at: moment(2), name: 'health', fields: event('health', 'stress', null, null) });
  if (chance(3) < 0.1) events.push({ at: moment(4), name: 'note', fields: event('notes', null, 'Changed the sensor', null) });
  if (chance(5) < 0.3)
    events.push({ at: moment(6), name: 'finger', fields: event('bloodGlucose', null, fingerstick(body, moment(6)), 'mg/dL') });
  return events;
}

const event = (eventType: string, eventSubType: string | null, value: string | null, unit: string | null): Happening['fields'] => ({
  eventStatus: 'created',
  eventType,
  eventSubType,
  value,
  unit,
});

const fingerstick = (body: Body, local: number): string => String(Math.round(glucoseAt(body, local)));
