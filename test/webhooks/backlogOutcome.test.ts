import fc from 'fast-check';
import { retryAt } from '../../src/webhooks/refusal';
import { standingOf } from '../../src/webhooks/standing';
import { mayBeTheMessage, verdictOf } from '../../src/webhooks/verdict';
import { afterDrain, beginsAnywhere, waitMs } from '../../src/workflows/backlogOutcome';
import { backlogPolicy as policy } from '../../src/workflows/backlogPolicy';
import { untried } from '../../src/workflows/backlogState';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const moment = { now: NOW, random: 0.5, policy };
const failed = { kind: 'failed', accepted: 0, trouble: 'unanswered', error: 'ECONNREFUSED', retryAfterMs: null } as const;
const anyMoment = fc.double({ min: 0, max: 0.999_999, noNaN: true });

describe('when a failing endpoint is tried again', () => {
  test.each([
    [1, 5_000],
    [2, 30_000],
    [3, 2 * MINUTE_MS],
    [4, 5 * MINUTE_MS],
    [5, 5 * MINUTE_MS],
    [1_000, 5 * MINUTE_MS],
  ])('after %i in a row that were not taken: %i ms', (failures, expected) => {
    expect(waitMs(failures, null, 0.5, policy)).toBe(expected);
  });

  test('the long waits are spread, so that endpoints that failed together are not probed together, and one that healed is found within 6 minutes', () => {
    fc.assert(
      fc.property(anyMoment, fc.integer({ min: 4, max: 500 }), (random, failures) => {
        const wait = waitMs(failures, null, random, policy);
        expect(wait).toBeGreaterThanOrEqual(4 * MINUTE_MS);
        expect(wait).toBeLessThanOrEqual(6 * MINUTE_MS);
      }),
    );
    expect(waitMs(4, null, 0.1, policy)).not.toBe(waitMs(4, null, 0.9, policy));
  });

  test.each([
    ['is followed', 20 * MINUTE_MS, 20 * MINUTE_MS],
    ['of nothing is not taken for an invitation to hammer', 0, 5_000],
    ['of a year is not believed', 365 * DAY_MS, DAY_MS],
  ])('its own Retry-After %s', (_, asked, expected) => {
    expect(waitMs(7, asked, 0.5, policy)).toBe(expected);
  });

  test('what the log of attempts has told is kept to, and the table where it could not tell', () => {
    expect(afterDrain(untried, { ...failed, waitMs: 1_234 }, moment)).toMatchObject({ failures: 1, nextTryAt: NOW + 1_234 });
    expect(afterDrain(untried, failed, moment)).toMatchObject({ nextTryAt: NOW + 5_000 });
  });

  test('failures in a row are counted, and forgotten once something was taken', () => {
    const once = afterDrain(untried, failed, moment);
    expect(once).toEqual({ ...untried, failures: 1, nextTryAt: NOW + 5_000, lastError: 'ECONNREFUSED' });
    const twice = afterDrain(once, failed, moment);
    expect(twice).toMatchObject({ failures: 2, nextTryAt: NOW + 30_000 });
    expect(afterDrain(twice, { ...failed, accepted: 3 }, moment)).toMatchObject({ failures: 1, nextTryAt: NOW + 5_000, accepted: 3 });
    expect(afterDrain(twice, { kind: 'more', accepted: 9 }, moment)).toEqual({ ...untried, accepted: 9 });
  });

  test('one that is too busy is posted half as much, never less than once a second, and as much as before once it takes it', () => {
    const busy = { ...failed, trouble: 'busy' } as const;
    const once = afterDrain(untried, busy, moment);
    expect(once.postsPerSecond).toBe(policy.postsPerSecond / 2);
    const often = Array.from({ length: 20 }).reduce<typeof once>((state) => afterDrain(state, busy, moment), once);
    expect(often.postsPerSecond).toBe(1);
    expect(afterDrain(often, { kind: 'more', accepted: 5 }, moment).postsPerSecond).toBe(2);
    const well = Array.from({ length: 20 }).reduce<typeof once>((state) => afterDrain(state, { kind: 'more', accepted: 5 }, moment), often);
    expect(well.postsPerSecond).toBeNull();
  });

  test('a refusal that nobody can judge yet is not waited with when another message comes, unless the endpoint has asked for time', () => {
    expect(afterDrain(untried, { ...failed, trouble: 'doubtful' }, moment).waitsFor).toBe('evidence');
    expect(afterDrain(untried, { ...failed, trouble: 'doubtful', retryAfterMs: 60_000 }, moment).waitsFor).toBe('probe');
    expect(afterDrain(untried, { ...failed, trouble: 'refused' }, moment).waitsFor).toBe('probe');
  });

  test('what stands aside is waited for, and nothing else is', () => {
    const dueAt = NOW + 5 * MINUTE_MS;
    expect(afterDrain(untried, { kind: 'drained', accepted: 1, dueAt }, moment)).toMatchObject({ nextTryAt: dueAt, waitsFor: 'aside' });
    expect(afterDrain(untried, { kind: 'drained', accepted: 1, dueAt: null }, moment)).toMatchObject({ nextTryAt: 0 });
  });

  test('every other of the later probes begins anywhere, so that what it never takes does not stand before all others', () => {
    const begins = [1, 2, 3, 4, 5, 6, 7].map((failures) => beginsAnywhere({ ...untried, failures }, policy));
    expect(begins).toEqual([false, false, false, true, false, true, false]);
  });
});

describe('what an answer says', () => {
  test.each([
    ['accepted', [200, 204, 299]],
    ['refused', [301, 302, 400, 401, 404, 422, 500, 501]],
    ['busy', [429, 502, 503, 504]],
    ['gone', [410]],
    ['unanswered', [null]],
  ])('%s: %j', (verdict, statuses) => {
    expect(statuses.map(verdictOf)).toEqual(statuses.map(() => verdict));
  });

  test('that an endpoint is busy or gone is never a message’s fault', () => {
    expect([429, 502, 503, 504, 410].filter(mayBeTheMessage)).toEqual([]);
    expect([400, 500, null].filter(mayBeTheMessage)).toHaveLength(3);
  });
});

describe('when a message is tried again that was refused while others were taken', () => {
  test('eight refusals give it up, after the waits of the contract, give or take a fifth', () => {
    const waits = [5_000, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS];
    expect(waits.map((_, n) => (retryAt(n + 1, null, moment) ?? 0) - NOW)).toEqual(waits);
    expect(retryAt(8, null, moment)).toBeNull();
    fc.assert(
      fc.property(anyMoment, fc.integer({ min: 1, max: 7 }), (random, refusals) => {
        const wait = (retryAt(refusals, null, { ...moment, random }) ?? 0) - NOW;
        expect(Math.abs(wait / (waits[refusals - 1] ?? 0) - 1)).toBeLessThanOrEqual(0.2);
      }),
    );
  });

  test.each([
    ['goes before a shorter wait', 1, HOUR_MS, HOUR_MS],
    ['does not shorten one', 4, 1_000, 2 * HOUR_MS],
    ['of a year is not believed', 1, 365 * DAY_MS, DAY_MS],
  ])('its Retry-After %s', (_, refusals, asked, expected) => {
    expect(retryAt(refusals, asked, moment)).toBe(NOW + expected);
  });
});

describe('an endpoint that takes nothing', () => {
  test.each([
    ['is not told of for two and a half days', 2.49 * DAY_MS, 0, { kind: 'quiet' }],
    ['is told of after half of the five days', 2.5 * DAY_MS, 0, { kind: 'warn', percent: 50 }],
    ['is told of once', 3 * DAY_MS, 50, { kind: 'quiet' }],
    ['is told of again at 70 %', 3.5 * DAY_MS, 50, { kind: 'warn', percent: 70 }],
    ['is told of by the highest level where nobody was there for the others', 4.6 * DAY_MS, 0, { kind: 'warn', percent: 90 }],
    ['is disabled after five days', 5 * DAY_MS, 90, { kind: 'disable' }],
    ['is disabled though nobody was there to warn', 9 * DAY_MS, 0, { kind: 'disable' }],
  ])('%s', (_, forMs, warnedPercent, expected) => {
    expect(standingOf({ failingSince: NOW - forMs, warnedPercent }, NOW, policy)).toEqual(expected);
  });
});
