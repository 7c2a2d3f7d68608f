import { egvQueries, isAskedFor } from '../../src/dexcom/egvQuery';
import { LONGEST_WINDOW_MS } from '../../src/freshness/policy';

const from = Date.parse('2026-10-01T10:00:00.400Z');
const DAY = 86_400_000;

describe('a window as Dexcom is asked for it', () => {
  test('is bare UTC in whole seconds and leaves out nothing of the window', () => {
    expect(egvQueries({ from, to: from + 500 })).toEqual([{ startDate: '2026-10-01T10:00:00', endDate: '2026-10-01T10:00:01' }]);
    expect(egvQueries({ from: from - 400, to: from - 400 + DAY })).toEqual([
      { startDate: '2026-10-01T10:00:00', endDate: '2026-10-02T10:00:00' },
    ]);
  });

  test('of thirty days is one query, and two where the seconds make it longer', () => {
    expect(egvQueries({ from: from - 400, to: from - 400 + 30 * DAY })).toHaveLength(1);
    expect(egvQueries({ from, to: from + 30 * DAY })).toEqual([
      { startDate: '2026-10-01T10:00:00', endDate: '2026-10-31T10:00:00' },
      { startDate: '2026-10-31T10:00:00', endDate: '2026-10-31T10:00:01' },
    ]);
  });

  test('of the longest window the engine asks for is one query at whatever millisecond it begins', () => {
    for (let fraction = 0; fraction < 1_000; fraction++)
      expect(egvQueries({ from: from + fraction, to: from + fraction + LONGEST_WINDOW_MS })).toHaveLength(1);
  });

  test.each([
    ['empty', from],
    ['upside down', from - 1],
    ['longer than Dexcom allows', from + 30 * DAY + 1],
    ['not a number', Number.NaN],
  ])('that is %s is refused before it is asked', (_, to) => {
    expect(() => egvQueries({ from, to })).toThrow(RangeError);
  });

  test('takes in no reading from before its start: that one is the older window’s', () => {
    const window = { from, to: from + DAY };
    expect(
      [from - 1, from, from + DAY, from + DAY + 600, from + DAY + 601].map((at) => isAskedFor({ at: at, rawTimes: null }, window)),
    ).toEqual([false, true, true, true, false]);
  });
});
