import { hash } from 'node:crypto';
import type { Recording } from '../clarity/recording';
import { MINUTE_MS } from '../duration';
import type { Slot } from '../people/pace';
import type { Person } from '../people/person';
import { sensorAt } from '../people/sensor';
import { utcOffsetMs } from '../people/zone';
import { bodyOf } from '../physiology/body';
import { draw } from '../physiology/draw';
import { glucoseAt } from '../physiology/glucose';
import { trendOf } from '../physiology/trend';
import type { Measurement } from './reading';

/** Real sensors are a second or two off their beat (dexcom-api.md §3.3). */
const MOST_JITTER_MS = 2_000;
const RATE_OVER_MS = 5 * MINUTE_MS;

/** @returns the latest a slot's reading can be off its nominal instant */
export const jitterBound = (stepMs: number): number => Math.min(MOST_JITTER_MS, stepMs / 10);

/** What the simulated body's sensor reads in a slot; null while it warms up. */
export function measurePhysiology(seed: string, person: Person, { nominalAt }: Slot, stepMs: number): Measurement | null {
  const body = bodyOf(seed, person.id);
  const tick = Math.floor(nominalAt / 1_000);
  const sensor = sensorAt(person, body.seed, nominalAt);
  if (nominalAt < sensor.warmUntil) return null;

  const jittered = nominalAt + (2 * draw(body.seed, tick, 1) - 1) * jitterBound(stepMs);
  const measuredAt = person.device.fractions ? Math.round(jittered) : Math.round(jittered / 1_000) * 1_000;
  const local = measuredAt + utcOffsetMs(person.zone, measuredAt);
  const level = glucoseAt(body, local);
  const base = {
    key: `slot:${nominalAt}`,
    measuredAt,
    mgPerDl: withinRange(Math.round(level + 3 * (draw(body.seed, tick, 2) - 0.5))),
    transmitterId: sensor.transmitterId,
    transmitterTicks: Math.round((measuredAt - sensor.transmitterStartedAt) / 1_000),
  };
  // A sensor needs some readings before it can tell a direction.
  if (nominalAt < sensor.warmUntil + 2 * stepMs) return { ...base, trend: 'notComputable', trendRate: null };

  const rate = Math.round(((level - glucoseAt(body, local - RATE_OVER_MS)) / (RATE_OVER_MS / MINUTE_MS)) * 10) / 10 + 0;
  return { ...base, trend: trendOf(rate), trendRate: Math.abs(rate) > 8 ? null : rate };
}

/** What the recording has for a slot, told again at the slot's instant; round after round. */
export function measureRecording(recording: Recording, { index, nominalAt }: Slot): Measurement {
  const { length } = recording.rows;
  const row = recording.rows[index % length];
  if (!row) throw new RangeError(`Recording ${recording.id} has no readings`);
  return {
    key: `recorded:${index}`,
    measuredAt: nominalAt,
    mgPerDl: row.mgPerDl,
    trend: row.trendRate === null ? null : trendOf(row.trendRate),
    trendRate: row.trendRate,
    transmitterId: transmitterOf(row.transmitterId, Math.floor(index / length)),
    transmitterTicks: row.transmitterTicks,
  };
}

/** Each round of the recording wears new transmitters: one transmitter's ticks never come twice. */
const transmitterOf = (recorded: string, round: number): string =>
  round === 0 ? recorded : hash('sha256', `${recorded} round ${round}`, 'hex');

const withinRange = (mgPerDl: number): number => {
  if (mgPerDl < 40) return 39;
  return mgPerDl > 400 ? 401 : mgPerDl;
};
