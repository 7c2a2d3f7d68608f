import { summarize } from '../../src/workflows/describe';
import { DAY, HOUR, NOW, SECOND } from './states';

describe('the one line of a step in the history view', () => {
  test.each([
    ['live', NOW - HOUR, NOW, 'live: 2026-11-22 11:00:00 to 12:00:00 UTC'],
    ['live', NOW - DAY, NOW + SECOND, 'live: 2026-11-21 12:00:00 to 2026-11-22 12:00:01 UTC'],
    ['sweep', NOW - 3 * DAY, NOW, 'sweep: 2026-11-19 to 2026-11-22'],
    ['backfill', NOW - 180 * DAY, NOW, 'backfill: 2026-05-26 to 2026-11-22'],
  ] as const)('says when a %s pull begins and ends: hours by the time of day, weeks by the day', (purpose, from, to, line) => {
    expect(summarize({ kind: 'pull', purpose, from, to })).toBe(line);
  });
});
