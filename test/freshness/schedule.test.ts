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
    expect(next.nextPollAt).toBeGreaterThan(now);
    expect(next.nextPollAt - now).toBeLessThanOrEqual(policy.cadenceMs);
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
        const { looks, waits, readings } = follow(sensor, 48);
        const later = waits.slice(24).toSorted((a, b) => a - b);
        expect(later[Math.floor(later.length / 2)]).toBeLessThanOrEqual(10 * SECOND);
        expect(later.at(-1)).toBeLessThanOrEqual(60 * SECOND);
        expect(looks / readings).toBeLessThanOrEqual(1.25);
      }),
      { numRuns: 50 },
    );
  });

  test('a sensor that was away for hours is found again within a cadence, with the delay learned before', () => {
    const { waits } = follow({ phaseMs: 0, delayMs: 20 * MINUTE, away: [20, 26] }, 40);
    const worst = Math.max(...waits.slice(24));
    expect(worst).toBeLessThanOrEqual(policy.cadenceMs);
    expect(waits.filter((wait) => wait > MINUTE).length).toBeLessThanOrEqual(2 + 6);
  });

  test('somebody without readings is asked about once a cadence, not every minute', () => {
    let state = unknown;
    let now = START;
    let looks = 0;
    for (; now < START + 24 * HOUR; looks++) ({ state, nextPollAt: now } = afterLook(state, { now, newestAt: null, created: 0 }, policy));
    expect(looks).toBeLessThanOrEqual(12 * 24 + 6);
  });

  test('a device whose clock runs ahead is not waited for longer than a cadence', () => {
    const { nextPollAt } = afterLook(unknown, { now: START, newestAt: START + HOUR, created: 1 }, policy);
    expect(nextPollAt).toBe(START + policy.cadenceMs);
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
