import { boundsOf } from '../../src/users/bounds';
import { startOfDay } from '../../src/users/zonedDay';

describe('a day of a zone', () => {
  test.each([
    ['2026-11-22', 'UTC', '2026-11-22T00:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z'],
    ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z'],
    ['2026-01-01', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
    // Clocks went from 23:59:59 to 01:00:00: the day has no midnight.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    // There was no such day: it begins with the next one.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s begins at %s', (day, zone, instant) => {
    expect(new Date(startOfDay(day, zone)).toISOString()).toBe(instant);
  });

  test('both days of the bounds are whole ones of the user’s zone, and of UTC without one', () => {
    const days = { ingestionStart: '2026-06-01', ingestionEnd: '2026-06-01' };
    expect(boundsOf({ ...days, fallbackTimeZone: 'Europe/Berlin' })).toEqual({
      from: Date.parse('2026-05-31T22:00:00Z'),
      to: Date.parse('2026-06-01T22:00:00Z'),
    });
    expect(boundsOf({ ...days, fallbackTimeZone: null })).toEqual({
      from: Date.parse('2026-06-01T00:00:00Z'),
      to: Date.parse('2026-06-02T00:00:00Z'),
    });
    expect(boundsOf({ ingestionStart: null, ingestionEnd: null, fallbackTimeZone: 'UTC' })).toEqual({ from: null, to: null });
  });
});
