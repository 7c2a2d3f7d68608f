import { retryAfterMs } from '../../src/webhooks/retryAfter';

const NOW = Date.parse('2026-11-22T08:00:00Z');

test.each([
  ['0', 0],
  [' 120 ', 120_000],
  ['99999999999', 99_999_999_999_000],
  ['9'.repeat(30), Number.MAX_SAFE_INTEGER],
  ['Sun, 22 Nov 2026 08:01:00 GMT', 60_000],
  ['Sunday, 22-Nov-26 08:01:00 GMT', 60_000],
  ['2026-11-22T08:01:00Z', 60_000],
  ['Sun, 22 Nov 2026 07:00:00 GMT', 0],
])('“%s” asks for time', (header, expected) => expect(retryAfterMs(header, NOW)).toBe(expected));

test.each(['', '1.5', '-5', '5 min', 'soon', 'soon 12', 'PT5M', 'Monday', undefined])('“%s” asks for none', (header) =>
  expect(retryAfterMs(header, NOW)).toBeNull(),
);
