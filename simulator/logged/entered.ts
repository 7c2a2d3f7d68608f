import { DAY_MS } from '../duration';
import { clockErrorAt, clockReach } from '../people/deviceClock';
import { repeatedDay } from '../people/repeats';
import { sensorAt } from '../people/sensor';
import { switchesAt } from '../people/switchesAt';
import { uploadOf, visibleAfterUpload } from '../people/upload';
import { utcOffsetMs } from '../people/zone';
import { type Body, bodyOf } from '../physiology/body';
import type { Origin } from '../readings/existing';
import type { Logged } from './logged';

/** Something that happens on a local day. */
export interface Happening {
  /** Unix milliseconds of the local clock, on the day as it is lived. */
  readonly at: number;
  readonly name: string;
  readonly fields: Logged['fields'];
  /** It is entered so long after it happened. */
  readonly enteredAfterMs?: number;
}

/** What a person enters on their local days, with `from <= measuredAt < to`, oldest first. @param happeningsOf by local day since 1970-01-01 */
export function enteredBetween(
  origin: Origin,
  { from, to }: { readonly from: number; readonly to: number },
  happeningsOf: (body: Body, day: number) => readonly Happening[],
): Logged[] {
  const { seed, person } = origin;
  const body = bodyOf(seed, person.id);
  const bodyClockMs = utcOffsetMs(person.zone, person.createdAt);
  const { behindMs, aheadMs } = clockReach(person);
  const firstDay = Math.floor((Math.max(from - aheadMs, historyFrom(origin)) + bodyClockMs) / DAY_MS);
  const lastDay = Math.floor((to + behindMs + bodyClockMs) / DAY_MS);

  const entered: Logged[] = [];
  for (let day = firstDay; day <= lastDay; day++) {
    const lived = repeatedDay(switchesAt(person, day * DAY_MS - bodyClockMs), day);
    for (const happening of happeningsOf(body, lived)) {
      const takenAt = wholeSeconds(happening.at + (day - lived) * DAY_MS - bodyClockMs);
      const record = enter(origin, body, takenAt, { ...happening, name: `${day}:${happening.name}` });
      if (record && record.measuredAt >= from && record.measuredAt < to) entered.push(record);
    }
  }
  return entered.sort((a, b) => a.measuredAt - b.measuredAt);
}

function enter(origin: Origin, body: Body, takenAt: number, { name, fields, enteredAfterMs = 0 }: Happening): Logged | null {
  const { person } = origin;
  if (takenAt < historyFrom(origin)) return null;
  const switches = switchesAt(person, takenAt);
  const upload = uploadOf(person, { ...switches, signalLoss: null }, body.seed, takenAt + enteredAfterMs);
  const sensor = sensorAt(person, body.seed, takenAt);
  return {
    key: name,
    takenAt,
    measuredAt: takenAt + clockErrorAt(switches, takenAt).system,
    visibleAt: upload && visibleAfterUpload(person, switches, takenAt + enteredAfterMs, upload),
    transmitterId: sensor.transmitterId,
    transmitterTicks: Math.round((takenAt - sensor.transmitterStartedAt) / 1_000),
    recordedAt: takenAt + enteredAfterMs,
    fields,
  };
}

const historyFrom = ({ person }: Origin): number => person.spans[0]?.from ?? person.createdAt;
const wholeSeconds = (at: number): number => Math.round(at / 1_000) * 1_000;
