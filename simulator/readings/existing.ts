import type { Recording } from '../clarity/recording';
import { visibleAfterDelay } from '../people/delay';
import { type Span, slotsBetween } from '../people/pace';
import type { Person } from '../people/person';
import { corrected } from './corrected';
import { jitterBound, measurePhysiology, measureRecording } from './measured';
import type { Measurement, Reading } from './reading';

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
  const readings = measured(origin, from, to).map((measurement) => ({
    ...measurement,
    visibleAt: visibleAfterDelay(person.delays, measurement.measuredAt),
  }));
  return person.corrections.length === 0 ? readings : corrected(readings, person, { from, to, asOf });
}

/** Those of them that an app can see at `asOf`. */
export const visible = (origin: Origin, from: number, to: number, asOf: number): Reading[] =>
  existing(origin, from, to, asOf).filter(({ visibleAt }) => visibleAt !== null && visibleAt <= asOf);

function measured({ seed, person, recording }: Origin, from: number, to: number): Measurement[] {
  if (recording) return slotsBetween(person.spans, recording.rhythm, from, to).map((slot) => measureRecording(recording, slot));
  return person.spans.flatMap((span, n) => {
    const { pace } = span;
    if (pace.kind !== 'every') return [];
    const bound = jitterBound(pace.stepMs) + 1_000;
    return slotsBetween([span, ...endOf(person.spans, n)], null, from - bound, to + bound).flatMap((slot) => {
      const measurement = measurePhysiology(seed, person, slot, pace.stepMs);
      return measurement && measurement.measuredAt >= from && measurement.measuredAt < to ? [measurement] : [];
    });
  });
}

/** The next span's start as a span of nothing, so that the one before it ends there. */
const endOf = (spans: readonly Span[], n: number): Span[] => spans.slice(n + 1, n + 2).map((next) => ({ ...next, pace: { kind: 'none' } }));
