import { MINUTE_MS } from '../duration';
import { jitterBound, type Slot } from '../people/pace';
import type { Person } from '../people/person';
import { repeatedInstant } from '../people/repeats';
import { sensorAt } from '../people/sensor';
import { switchesAt } from '../people/switchesAt';
import { utcOffsetMs } from '../people/zone';
import { bodyOf } from '../physiology/body';
import { draw } from '../physiology/draw';
import { glucoseAt } from '../physiology/glucose';
import { trendOf } from '../physiology/trend';
import type { Measurement } from './reading';

const RATE_OVER_MIN = 5;
/** A sensor needs some readings before it can tell a direction. */
const READINGS_WITHOUT_TREND = 2;

/** @returns what the simulated body's sensor reads in a slot; null while it warms up */
export function physiologySensor(seed: string, person: Person): (slot: Slot, stepMs: number) => Measurement | null {
  const body = bodyOf(seed, person.id);
  // Bodies do not change their clocks in spring: a jump of an hour would be a jump in glucose.
  const bodyClockMs = utcOffsetMs(person.zone, person.createdAt);

  return ({ nominalAt }, stepMs) => {
    const sensor = sensorAt(person, body.seed, nominalAt);
    if (nominalAt < sensor.warmUntil) return null;

    const switches = switchesAt(person, nominalAt);
    const tick = Math.floor(repeatedInstant(switches, nominalAt) / 1_000);
    const jittered = nominalAt + (2 * draw(body.seed, tick, 1) - 1) * jitterBound(stepMs);
    const measuredAt = person.device.fractions ? Math.round(jittered) : Math.round(jittered / 1_000) * 1_000;
    const lived = repeatedInstant(switches, measuredAt + bodyClockMs);
    const level = glucoseAt(body, lived);
    const before = glucoseAt(body, lived - RATE_OVER_MIN * MINUTE_MS);
    const noise = 3 * (draw(body.seed, tick, 2) - 0.5);
    return {
      key: `slot:${nominalAt}`,
      measuredAt,
      mgPerDl: withinRange(Math.round(level + noise)),
      ...arrow((level - before) / RATE_OVER_MIN, nominalAt >= sensor.warmUntil + READINGS_WITHOUT_TREND * stepMs),
      transmitterId: sensor.transmitterId,
      transmitterTicks: Math.round((measuredAt - sensor.transmitterStartedAt) / 1_000),
    };
  };
}

function arrow(mgPerDlPerMin: number, settled: boolean): Pick<Measurement, 'trend' | 'trendRate'> {
  if (!settled) return { trend: 'notComputable', trendRate: null };
  // The sum turns −0 into 0.
  const rate = Math.round(mgPerDlPerMin * 10) / 10 + 0;
  return { trend: trendOf(rate), trendRate: Math.abs(rate) > 8 ? null : rate };
}

function withinRange(mgPerDl: number): number {
  if (mgPerDl < 40) return 39;
  return mgPerDl > 400 ? 401 : mgPerDl;
}
