import { policyFor } from '../../src/freshness/policy';
import { everybody, MINUTE, SECOND } from './month/people';
import { fixed, learned, slotAnd18 } from './month/schedules';
import { type Month, percentileOf, watch } from './month/watch';

const policy = policyFor(5 * MINUTE);
const people = everybody();
const months = new Map(people.map((person) => [person.name, watch(person, learned(policy), policy, policy.recordsEveryMs)]));
const monthOf = (name: string): Month => months.get(name) ?? fail(name);
const fail = (name: string): never => {
  throw new Error(`nobody is called ${name}`);
};

/** Seconds from visible to asked for, and every call, those for tokens and events too, for each reading. */
interface Bounds {
  readonly p50: number;
  readonly p99: number;
  readonly calls: number;
}

const regular: Bounds = { p50: 10, p99: 60, calls: 1.1 };

test.each<[string, Bounds]>([
  ['steady, 0–10 s of jitter', regular],
  ['an hour’s delay (US)', regular],
  ['three hours’ delay', regular],
  ['a phone that drifts by 20 s a day', regular],
  ['a new sensor every ten days', regular],
  // A seventh of the recording's time is without readings, and each gap is looked through.
  ['a Clarity recording, over and over', { ...regular, calls: 1.17 }],
  // As many are late as looks may be in vain, so that the aim moves towards them.
  ['one reading in thirty up to 90 s late', { p50: 12, p99: 60, calls: 1.13 }],
  // Tokens are renewed while the sensor is off.
  ['a sensor off for three days, and for two', { ...regular, calls: 1.13 }],
  ['a reading every 15 minutes', { ...regular, calls: 1.29 }],
  // Of its first night nothing is known, and a night is more than one reading in a hundred.
  ['a phone offline at night', { p50: 15, p99: 3_600, calls: 0.95 }],
  ['a phone that uploads hourly', { p50: 20, p99: 60, calls: 0.95 }],
  // All of the two hours becomes visible at once, whenever it does.
  ['a delay that jumps between 4 minutes and 2 hours', { p50: 10, p99: 300, calls: 1.1 }],
  ['a receiver uploaded every three weeks', { p50: 3_600, p99: 3_600, calls: 0.2 }],
])('a month of %s: nothing is lost, and it is asked for in time at few calls', (name, { p50, p99, calls }) => {
  const { lateMs, lost, callsPerReading } = monthOf(name);
  expect(lost).toBe(0);
  expect(lateMs.length).toBeGreaterThan(2_500);
  expect(percentileOf(lateMs, 0.5)).toBeLessThanOrEqual(p50 * SECOND);
  expect(percentileOf(lateMs, 0.99)).toBeLessThanOrEqual(p99 * SECOND);
  expect(callsPerReading).toBeLessThanOrEqual(calls);
});

test('somebody silent for days costs at most a look an hour, after the first day', () => {
  const day = (n: number) => Date.parse(`2026-11-${String(n).padStart(2, '0')}T12:00:00Z`);
  const { polls } = monthOf('a sensor off for three days, and for two');
  expect(polls.filter((at) => at >= day(10) && at < day(11)).length).toBeLessThanOrEqual(25);
});

test('the nights of a phone are learned: from the second on, what was measured in them is asked for within minutes', () => {
  const { lateMs } = monthOf('a phone offline at night');
  expect(percentileOf(lateMs, 0.95)).toBeLessThanOrEqual(10 * MINUTE);
});

test.each([
  ['every 15 minutes', fixed(15 * MINUTE)],
  ['every 5 minutes', fixed(5 * MINUTE)],
  ['in the sensor’s turns and 18 s', slotAnd18()],
])('for regular people polling %s is later', (_, schedule) => {
  for (const person of people.filter(({ isRegular }) => isRegular)) {
    const ours = percentileOf(monthOf(person.name).lateMs, 0.9);
    expect(percentileOf(watch(person, schedule, policy).lateMs, 0.9)).toBeGreaterThan(ours);
  }
});
