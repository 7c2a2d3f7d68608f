import fc from 'fast-check';
import { afterDrain, waitMs } from '../../src/workflows/backlogOutcome';
import { backlogPolicy as policy } from '../../src/workflows/backlogPolicy';
import { untried } from '../../src/workflows/backlogState';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const MINUTE_MS = 60_000;
const moment = { now: NOW, random: 0.5, policy };
const failed = { kind: 'failed', accepted: 0, error: 'HTTP 503', retryAfterMs: null } as const;

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

  test('the long waits are spread, so that endpoints that failed together are not probed together', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999_999, noNaN: true }), fc.integer({ min: 4, max: 500 }), (random, failures) => {
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
    ['of a year is not believed', 365 * 24 * 60 * MINUTE_MS, 24 * 60 * MINUTE_MS],
  ])('its own Retry-After %s', (_, asked, expected) => {
    expect(waitMs(7, asked, 0.5, policy)).toBe(expected);
  });

  test('failures in a row are counted, and forgotten once something was taken', () => {
    const once = afterDrain(untried, failed, moment);
    expect(once).toEqual({ failures: 1, nextTryAt: NOW + 5_000, lastError: 'HTTP 503', accepted: 0 });
    const twice = afterDrain(once, failed, moment);
    expect(twice).toMatchObject({ failures: 2, nextTryAt: NOW + 30_000 });
    expect(afterDrain(twice, { ...failed, accepted: 3 }, moment)).toMatchObject({ failures: 1, nextTryAt: NOW + 5_000, accepted: 3 });
    expect(afterDrain(twice, { kind: 'more', accepted: 9 }, moment)).toEqual({ failures: 0, nextTryAt: 0, lastError: null, accepted: 9 });
  });
});
