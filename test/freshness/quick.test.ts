import { policyFor } from '../../src/freshness/policy';
import { afterLook } from '../../src/freshness/schedule';
import { SECOND, START } from './month/people';
import { seeded } from './month/random';
import { unknown } from './month/schedules';
import { percentileOf } from './month/watch';

/** Milliseconds that do not scale with the sensor: from when a look is due until it is made, and from there until the next one can be. */
interface Latency {
  readonly least: number;
  readonly most: number;
  readonly pull: number;
}

const PEOPLE = 30;
const READINGS = 100;
const VISIBLE_AFTER = 3 * SECOND;

/** The sensors' own jitter is a tenth of their cadence, two seconds at most. @returns of everybody, once ten readings have been seen */
function followed(cadenceMs: number, { least, most, pull }: Latency) {
  const policy = policyFor(cadenceMs);
  const draw = seeded(cadenceMs + most);
  const jitterMs = Math.min(2 * SECOND, cadenceMs / 10);
  const lateMs: number[] = [];
  let looks = 0;
  for (let person = 0; person < PEOPLE; person++) {
    const phase = draw() * cadenceMs;
    const measured = Array.from({ length: READINGS + 12 }, (_, n) =>
      Math.round(START + phase + (n - 10) * cadenceMs + (2 * draw() - 1) * jitterMs),
    );
    let state = unknown;
    for (let due = START; due < START + READINGS * cadenceMs; ) {
      const now = Math.round(due + least + draw() * (most - least));
      const newestAt = measured.findLast((at) => at + VISIBLE_AFTER <= now) ?? START;
      const counts = now >= START + 10 * cadenceMs;
      if (counts) looks++;
      if (counts && state.newestAt !== null && newestAt > state.newestAt) lateMs.push(now - newestAt - VISIBLE_AFTER);
      const next = afterLook(state, { now, newestAt, created: 1 }, policy);
      state = next.state;
      due = Math.max(next.nextPollAt, now + pull);
    }
  }
  return {
    p50: percentileOf(
      lateMs.toSorted((a, b) => a - b),
      0.5,
    ),
    callsPerReading: looks / lateMs.length,
  };
}

describe.each([2 * SECOND, 10 * SECOND, 30 * SECOND])('where sensors read every %i ms', (cadenceMs) => {
  test.each<Latency>([
    { least: 50, most: 300, pull: 200 },
    { least: 100, most: 800, pull: 600 },
    { least: 300, most: 1_500, pull: 1_000 },
  ])('and a poll takes $pull ms by itself, calls are few and readings are seen about as soon as that allows', (latency) => {
    const { p50, callsPerReading } = followed(cadenceMs, latency);
    expect(callsPerReading).toBeLessThanOrEqual(1.1);
    expect(p50).toBeLessThanOrEqual(latency.most + cadenceMs / 10);
  });
});
