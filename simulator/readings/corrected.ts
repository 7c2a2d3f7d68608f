import type { Added, Correction, Held, Revised } from '../people/corrections';
import { sensorAt } from '../people/sensor';
import { bodyOf } from '../physiology/body';
import type { Origin } from './existing';
import type { Reading } from './reading';

interface Window {
  readonly from: number;
  readonly to: number;
  readonly asOf: number;
}

/** @returns the readings with what was done to them by `asOf` applied, in the order in which it was done */
export function corrected(readings: readonly Reading[], origin: Origin, { from, to, asOf }: Window): Reading[] {
  let result = [...readings];
  const done = origin.person.corrections.filter(({ at }) => at <= asOf);
  for (const correction of done) {
    if (correction.kind === 'added' && within(correction.measuredAt, from, to)) result.push(added(origin, correction));
    if (correction.kind === 'lost') result = result.filter(({ measuredAt }) => !within(measuredAt, correction.from, correction.to));
    if (correction.kind === 'revised')
      result = result.map((reading) => (reading.key === correction.key ? revised(reading, correction) : reading));
    if (correction.kind === 'held')
      result = result.map((reading) => held(reading, { ...correction, until: endOf(correction, done) }, asOf));
  }
  return result.sort((a, b) => a.measuredAt - b.measuredAt);
}

/** A hold puts off what was not visible when it began; what was visible already is hidden while it lasts. */
function held(reading: Reading, hold: Held, asOf: number): Reading {
  if (!within(reading.measuredAt, hold.from, hold.to)) return reading;
  const wasVisible = reading.visibleAt !== null && reading.visibleAt <= hold.at;
  if (!wasVisible) return { ...reading, visibleAt: later(reading.visibleAt, hold.until) };
  return hold.until !== null && hold.until <= asOf ? reading : { ...reading, visibleAt: hold.until };
}

function endOf({ holdId, until }: Held, done: readonly Correction[]): number | null {
  const release = done.find((correction) => correction.kind === 'released' && correction.holdId === holdId);
  return release ? Math.min(release.at, until ?? release.at) : until;
}

function added({ seed, person }: Origin, { key, measuredAt, visibleAt, mgPerDl, trend, trendRate }: Added): Reading {
  const sensor = sensorAt(person, bodyOf(seed, person.id).seed, measuredAt);
  return {
    key,
    measuredAt,
    takenAt: measuredAt,
    visibleAt,
    mgPerDl,
    trend,
    trendRate,
    transmitterId: sensor.transmitterId,
    transmitterTicks: Math.round((measuredAt - sensor.transmitterStartedAt) / 1_000),
  };
}

const revised = (reading: Reading, { mgPerDl, at }: Revised): Reading => ({ ...reading, mgPerDl, changedAt: at });
const within = (instant: number, from: number, to: number): boolean => instant >= from && instant < to;
const later = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.max(a, b));
