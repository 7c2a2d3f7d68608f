import { staleAt } from '../../src/freshness/staleAt';
import type { FreshnessState } from '../../src/storage/connectionDoc';
import { DAY, HOUR, MINUTE, NOW, policy } from '../workflows/states';

const regular: FreshnessState = {
  newestAt: NOW - MINUTE,
  delayMs: MINUTE,
  missesInARow: 0,
  streak: 9,
  seenAt: NOW,
  unseenAt: NOW - 5 * MINUTE,
};
const at = (state: Partial<FreshnessState>, since = 0) => staleAt({ ...regular, ...state }, since, policy) - NOW;

describe('a silence is longer than a person’s habit', () => {
  test('after two hours, if they always read', () => {
    expect(at({})).toBe(2 * HOUR);
  });

  test('not before two hours after a consent, however long nothing has come', () => {
    expect(at({ seenAt: NOW - 9 * DAY }, NOW)).toBe(2 * HOUR);
    expect(staleAt({ newestAt: null, delayMs: null, missesInARow: 3 }, NOW, policy) - NOW).toBe(2 * HOUR);
  });

  test('later, if their sensor reads more rarely', () => {
    expect(at({ cadenceMs: 15 * MINUTE })).toBe(6 * HOUR);
  });

  test('a quarter of a day after they are usually back from the night', () => {
    expect(at({ returnedAt: NOW - 16 * HOUR, returnEveryMs: DAY, returnsAlike: 2 })).toBe(8 * HOUR + 6 * HOUR);
  });

  test('some days after the next upload of a receiver is due, surely or not', () => {
    const upload = { streak: 0, returnedAt: NOW - MINUTE, seenAt: NOW, unseenAt: NOW - HOUR, returnEveryMs: 20 * DAY };
    expect(at({ ...upload, returnsAlike: 1 })).toBe(25 * DAY - MINUTE);
    expect(at({ ...upload, returnsAlike: 0 })).toBe(25 * DAY);
  });

  test('after two hours, if they were away once or twice at no certain times', () => {
    expect(at({ returnedAt: NOW - 3 * DAY, returnEveryMs: 4 * DAY, returnsAlike: 0 })).toBe(2 * HOUR);
    expect(at({ returnedAt: NOW - 3 * DAY })).toBe(2 * HOUR);
  });
});
