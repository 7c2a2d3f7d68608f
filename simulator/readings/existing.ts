import type { Recording } from '../clarity/recording';
import { visibleAfterDelay } from '../people/delay';
import { clockReach } from '../people/deviceClock';
import { jitterBound, type Slot, slotsBetween } from '../people/pace';
import type { Person } from '../people/person';
import { bodyOf } from '../physiology/body';
import { corrected } from './corrected';
import { physiologySensor } from './physiology';
import type { Measurement, Reading } from './reading';
import { MOST_APART_MS, reported } from './reported';
import { retell } from './retold';

/** All that a person's readings follow from. */
export interface Origin {
  readonly seed: string;
  readonly person: Person;
  readonly recording: Recording | null;
}

/**
 * The readings with `from <= measuredAt < to`, as things stood at `asOf`, oldest first; nothing is stored, all of it is computed.
 * They exist whether or not anybody can see them yet.
 */
export function existing(origin: Origin, from: number, to: number, asOf: number): Reading[] {
  const { person } = origin;
  const readings = person.switches ? switched(origin, from, to, asOf) : plain(origin, from, to);
  return person.corrections.length === 0 ? readings : corrected(readings, origin, { from, to, asOf });
}

/** Those of them that an app can see at `asOf`. */
export const visible = (origin: Origin, from: number, to: number, asOf: number): Reading[] =>
  existing(origin, from, to, asOf).filter(({ visibleAt }) => visibleAt !== null && visibleAt <= asOf);

const plain = (origin: Origin, from: number, to: number): Reading[] =>
  measured(origin, from, to).map((measurement) => ({
    ...measurement,
    takenAt: measurement.measuredAt,
    visibleAt: visibleAfterDelay(origin.person.delays, measurement.measuredAt),
  }));

/** Devices' clocks can be wrong, so that what belongs into a window was taken outside of it. */
function switched(origin: Origin, from: number, to: number, asOf: number): Reading[] {
  const { person, seed } = origin;
  const { behindMs, aheadMs } = clockReach(person);
  return measured(origin, from - aheadMs - MOST_APART_MS, to + behindMs)
    .flatMap(reported(person, bodyOf(seed, person.id).seed, asOf))
    .filter(({ measuredAt }) => measuredAt >= from && measuredAt < to)
    .sort((a, b) => a.measuredAt - b.measuredAt);
}

function measured({ seed, person, recording }: Origin, from: number, to: number): Measurement[] {
  if (recording) return slotsBetween(person.spans, recording.rhythm, from, to).map((slot) => retell(recording, slot));

  const measure = physiologySensor(seed, person);
  const measurements: Measurement[] = [];
  for (const [n, span] of person.spans.entries()) {
    const { pace } = span;
    if (pace.kind !== 'every') continue;
    const end = person.spans[n + 1]?.from ?? Number.POSITIVE_INFINITY;
    const off = jitterBound(pace.stepMs) + 1_000;
    const within = (slot: Slot): void => {
      const measurement = measure(slot, pace.stepMs);
      if (measurement && measurement.measuredAt >= from && measurement.measuredAt < to) measurements.push(measurement);
    };
    slotsBetween([span], null, Math.max(from - off, span.from), Math.min(to + off, end)).forEach(within);
  }
  return measurements;
}
