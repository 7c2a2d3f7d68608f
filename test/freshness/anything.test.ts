import fc from 'fast-check';
import { policyFor, type SyncPolicy } from '../../src/freshness/policy';
import { afterLook } from '../../src/freshness/schedule';
import type { FreshnessState } from '../../src/storage/connectionDoc';
import { DAY, HOUR, MINUTE, SECOND, START } from './month/people';
import { unknown } from './month/schedules';

/** What happens between two looks, and what the second shows: in any order, from any clock. */
interface Turn {
  /** After the look was due; below zero: somebody asked out of turn, or our clock was set back. */
  readonly lateMs: number;
  /** Age of the newest reading; below zero: from the future. Null: nothing there. */
  readonly ageMs: number | null;
  readonly created: number;
}

const age = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 * MINUTE }) },
  { weight: 3, arbitrary: fc.integer({ min: -2 * HOUR, max: 30 * DAY }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const turnLate = (lateMs: fc.Arbitrary<number>): fc.Arbitrary<Turn> =>
  fc.record({ lateMs, ageMs: age, created: fc.integer({ min: 0, max: 9_000 }) });
const punctual = turnLate(fc.integer({ min: 0, max: SECOND }));
const odd = turnLate(
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 * MINUTE }) },
    { weight: 2, arbitrary: fc.integer({ min: -10 * MINUTE, max: 0 }) },
    { weight: 1, arbitrary: fc.integer({ min: -3 * DAY, max: 3 * DAY }) },
  ),
);
const share = fc.integer({ min: 1, max: 200 });

function play(
  turns: readonly Turn[],
  policy: SyncPolicy,
  check: (now: number, nextPollAt: number, state: FreshnessState) => void,
): number[] {
  let state = unknown;
  let due = START;
  return turns.map(({ lateMs, ageMs, created }) => {
    const now = due + lateMs;
    const after = afterLook(state, { now, newestAt: ageMs === null ? null : now - ageMs, created }, policy);
    check(now, after.nextPollAt, after.state);
    state = after.state;
    due = after.nextPollAt;
    return now;
  });
}

const of = (mostCallsPerHour: number): SyncPolicy => ({ ...policyFor(5 * MINUTE), mostCallsPerHour });

describe('whatever a look shows, and whenever it is', () => {
  test('there is a next one: after it, and within an hour, or two turns of its share if that is slower', () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 60 }), share, (turns, calls) => {
        play(turns, of(calls), (now, nextPollAt) => {
          expect(Number.isSafeInteger(nextPollAt)).toBe(true);
          expect(nextPollAt).toBeGreaterThan(now);
          expect(nextPollAt - now).toBeLessThanOrEqual(Math.max(HOUR, (2 * HOUR) / calls) + HOUR);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('in no hour there are more looks than its share', () => {
    fc.assert(
      fc.property(fc.array(punctual, { maxLength: 200 }), share, (turns, calls) => {
        const looks = play(turns, of(calls), () => undefined);
        looks.forEach((look, index) => {
          expect((looks[index + calls] ?? Infinity) - look).toBeGreaterThanOrEqual(HOUR);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('what is kept stays small and is finite', () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 60 }), (turns) => {
        play(turns, of(36), (_, __, state) => {
          expect(JSON.stringify(state).length).toBeLessThanOrEqual(320);
          for (const value of Object.values(state)) if (value !== null) expect(Number.isFinite(value)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('once it reads in order again, it is found again within a day', () => {
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 40 }), fc.integer({ min: 0, max: HOUR }), (turns, delayMs) => {
        let state = unknown;
        let now = START;
        play(turns, of(36), (at, next, kept) => {
          state = kept;
          now = Math.max(at, next);
        });
        const cadenceMs = 5 * MINUTE;
        const begin = Math.max(now, state.newestAt ?? 0);
        const lateMs: number[] = [];
        while (now < begin + 2 * DAY) {
          const newestAt = Math.floor((now - delayMs) / cadenceMs) * cadenceMs;
          if (now > begin + DAY && newestAt > (state.newestAt ?? 0)) lateMs.push(now - delayMs - newestAt);
          ({ state, nextPollAt: now } = afterLook(state, { now, newestAt, created: 1 }, of(36)));
        }
        expect(lateMs.length).toBeGreaterThanOrEqual(280);
        expect(Math.max(...lateMs)).toBeLessThanOrEqual(MINUTE);
      }),
      { numRuns: 100 },
    );
  });
});
