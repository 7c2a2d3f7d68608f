import { ApiError } from '../../src/api/errors';
import { createRateLimit, type RateLimit } from '../../src/api/security/rateLimit';

const refusal = (limit: RateLimit, name: string, now: number): string | undefined => {
  try {
    limit.take(name, now);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.status} ${error.headers['retry-after']}`;
  }
};

describe('a rate limit', () => {
  test('gives each name its calls in any window, and says when the next is free', () => {
    const limit = createRateLimit({ calls: 2, windowMs: 60_000 });
    expect([0, 10_000, 20_000, 59_999].map((at) => refusal(limit, 'a', at))).toEqual([undefined, undefined, '429 40', '429 1']);
    expect(refusal(limit, 'b', 59_999)).toBeUndefined();
    expect([60_000, 60_001, 70_000].map((at) => refusal(limit, 'a', at))).toEqual([undefined, '429 10', undefined]);
  });

  test('forgets everyone whose window is over, and nobody else', () => {
    const limit = createRateLimit({ calls: 2, windowMs: 1_000 });
    for (let at = 0; at < 10_000; at++) {
      limit.take(`team ${at}`, at);
      expect(limit.size).toBeLessThanOrEqual(1_000);
    }
    limit.take('team 9500', 10_000);
    limit.take('somebody', 10_900);
    expect(limit.size).toBe(9_999 - 9_900 + 2);
    expect(refusal(limit, 'team 9500', 10_950)).toBeUndefined();
    expect(refusal(limit, 'team 9500', 10_950)).toBe('429 1');
  });
});
