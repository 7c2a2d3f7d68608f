import fc from 'fast-check';
import { policyFor } from '../../src/freshness/policy';
import { afterLook } from '../../src/freshness/schedule';
import type { FreshnessState } from '../../src/storage/connectionDoc';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-22T12:00:00Z');
const policy = policyFor(5 * MINUTE);
const unknown: FreshnessState = { newestAt: null, delayMs: null, missesInARow: 0 };

interface Sensor {
  readonly phaseMs: number;
  readonly delayMs: number;
  /** Hours after the start between which it measures nothing. */
  readonly away?: readonly [number, number];
}

/** Follows a sensor by the schedule alone. @returns the looks it took and how long each reading had been visible when first seen */
function follow({ phaseMs, delayMs, away = [0, 0] }: Sensor, hours: number) {
  const isAway = (at: number) => at >= START + away[0] * HOUR && at < START + away[1] * HOUR;
  let state = unknown;
  let now = START + 7 * HOUR;
  const end = now + hours * HOUR;
  let looks = 0;
  const waits: number[] = [];
  while (now < end) {
    const newest = Math.floor((now - delayMs - START - phaseMs) / policy.cadenceMs);
    let newestAt = START + phaseMs + newest * policy.cadenceMs;
    while (isAway(newestAt)) newestAt -= policy.cadenceMs;
    if (state.newestAt !== null && newestAt > state.newestAt) waits.push(now - newestAt - delayMs);
    looks++;
    const next = afterLook(state, { now, newestAt, created: 0 }, policy);
    state = next.state;
    now = next.nextPollAt;
  }
  return { looks, waits, readings: waits.length };
}

const anySensor = fc.record({ phaseMs: fc.integer({ min: 0, max: 5 * MINUTE - 1 }), delayMs: fc.integer({ min: 0, max: 3 * HOUR }) });

describe('when to look next', () => {
  test('whatever the phase and the delay, readings are seen within seconds at few calls more than readings', () => {
    fc.assert(
      fc.property(anySensor, (sensor) => {
        const { looks, waits, readings } = follow(sensor, 72);
        const later = waits.slice(12).toSorted((a, b) => a - b);
        expect(later[Math.floor(later.length / 2)]).toBeLessThanOrEqual(10 * SECOND);
        expect(later.at(-1)).toBeLessThanOrEqual(60 * SECOND);
        expect(looks / readings).toBeLessThanOrEqual(1.08);
      }),
      { numRuns: 50 },
    );
  });

  test('the delay is found within six readings, none of which is seen more than a minute late but the first', () => {
    fc.assert(
      fc.property(anySensor, (sensor) => {
        const { waits } = follow(sensor, 3);
        expect(Math.max(...waits.slice(1))).toBeLessThanOrEqual(60 * SECOND + 1);
        expect(Math.max(...waits.slice(6))).toBeLessThanOrEqual(15 * SECOND + 1);
      }),
    );
  });

  test('a sensor that was away for hours is met in its turn when it is back, with the delay learned before, and was asked for rarely', () => {
    const { waits, looks } = follow({ phaseMs: 0, delayMs: 20 * MINUTE, away: [20, 26] }, 40);
    expect(Math.max(...waits.slice(1))).toBeLessThanOrEqual(MINUTE);
    expect(looks).toBeLessThanOrEqual(34 * 12 * 1.08 + 30);
  });

  test('a reading that is lost costs a few looks, and the next one is seen in its turn', () => {
    const lost = { phaseMs: 0, delayMs: 20 * MINUTE, away: [20, 20 + 1 / 12] } as const;
    const { waits, looks } = follow(lost, 40);
    const { looks: looksOtherwise } = follow({ phaseMs: 0, delayMs: 20 * MINUTE }, 40);
    expect(Math.max(...waits.slice(6))).toBeLessThanOrEqual(15 * SECOND + 1);
    expect(looks - looksOtherwise).toBeLessThanOrEqual(5);
  });

  test('somebody without any reading is asked about ever more rarely, at least once an hour', () => {
    let state = unknown;
    let now = START;
    const looks: number[] = [];
    while (now < START + 24 * HOUR) {
      looks.push(now);
      ({ state, nextPollAt: now } = afterLook(state, { now, newestAt: null, created: 0 }, policy));
    }
    const waits = looks.slice(1).map((look, index) => look - (looks[index] ?? 0));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(Math.max(...waits)).toBe(HOUR);
    expect(looks.length).toBeLessThanOrEqual(45);
  });

  test('a look out of turn is no miss, and the next one comes when it would have come', () => {
    let { state, nextPollAt } = afterLook(unknown, { now: START, newestAt: START - MINUTE, created: 1 }, policy);
    const due = nextPollAt;
    ({ state, nextPollAt } = afterLook(state, { now: START + 20 * SECOND, newestAt: START - MINUTE, created: 0 }, policy));
    expect(nextPollAt).toBe(due);
    expect(state).toMatchObject({ missesInARow: 0, lookedAt: START + 20 * SECOND });
  });

  test('a device whose clock runs ahead is not waited for longer than a cadence', () => {
    const { nextPollAt } = afterLook(unknown, { now: START, newestAt: START + HOUR, created: 1 }, policy);
    expect(nextPollAt).toBeLessThanOrEqual(START + policy.cadenceMs);
  });

  test('every wait scales with the sensor, but for what Dexcom takes in one window', () => {
    const quick = policyFor(10 * SECOND);
    expect(quick.overlapMs * 30).toBe(policy.overlapMs);
    expect(quick.missRetryMs.map((wait) => wait * 30)).toEqual(policy.missRetryMs);
    expect(quick.longestWindowMs).toBe(policy.longestWindowMs);
  });
});

test('the looks on either side of the newest reading becoming visible are remembered, through all the misses after it', () => {
  const at = (now: number, newestAt: number | null, state: FreshnessState) => afterLook(state, { now, newestAt, created: 0 }, policy).state;
  const first = at(10_000, 5_000, unknown);
  expect(first).toMatchObject({ lookedAt: 10_000, seenAt: 10_000, unseenAt: null });
  const missed = at(30_000, 5_000, at(20_000, null, first));
  expect(missed).toMatchObject({ lookedAt: 30_000, seenAt: 10_000, unseenAt: null });
  expect(at(40_000, 35_000, missed)).toMatchObject({ lookedAt: 40_000, seenAt: 40_000, unseenAt: 30_000 });
});

test('what an older release has kept is gone on with', () => {
  const kept = {
    newestAt: START - 12 * MINUTE,
    delayMs: 9 * MINUTE,
    missedMs: 8.9 * MINUTE,
    missesInARow: 0,
    lookedAt: START - 3 * MINUTE,
  };
  const { nextPollAt } = afterLook(kept, { now: START + 2 * MINUTE, newestAt: START - 7 * MINUTE, created: 1 }, policy);
  expect(Math.abs(nextPollAt - (START + 7 * MINUTE))).toBeLessThanOrEqual(10 * SECOND);
});
