import type { Wish } from './somebody';

const HOUR = 3_600_000;

/** Everybody is served in no order, under names of record types that no documentation has. */
export const everybody = (now: number): Wish[] => [
  { id: 'plain' },
  { id: 'revised' },
  { id: 'extreme' },
  { id: 'twins', device: 'g7-ios', interval: '10s', twin: { device: 'g7-receiver' } },
  { id: 'dirty-times', oddities: ['dirtyTimes'], zone: 'America/Los_Angeles' },
  { id: 'rough-times', oddities: ['roughTimes'], zone: 'America/Los_Angeles' },
  {
    id: 'traveller',
    zone: 'Asia/Tokyo',
    device: 'g6-receiver',
    travel: [{ at: now - 6 * HOUR, zone: 'Asia/Kolkata' }],
    clockErrors: [
      { from: now - 12 * HOUR, to: now - 9 * HOUR, display: '-7m' },
      { from: now - 9 * HOUR, to: now - 7 * HOUR, display: '-2d' },
    ],
  },
  {
    id: 'fall-back',
    zone: 'America/New_York',
    device: 'g7-receiver',
    historyDays: Math.ceil((now - lastFallBack()) / (24 * HOUR)) + 1,
  },
  { id: 'editor', interval: '10s', historyDays: 6, records: 'all' },
  { id: 'rewriter', interval: '10s', historyDays: 6, records: 'all' },
  { id: 'eventless', historyDays: 6, records: 'all' },
  { id: 'ahead', oddities: ['invalidRecords'] },
  { id: 'texts', oddities: ['textNumbers'] },
  { id: 'broken', oddities: ['invalidRecords', 'duplicates'] },
  { id: 'odd-words', oddities: ['strangeWords', 'sparse'] },
  { id: 'sensors', device: 'g7-ios', historyDays: 25 },
  { id: 'sensors-15', device: 'g715-ios', historyDays: 35 },
];

/** When New York's clocks went from 2:00 back to 1:00 the last time. */
export function lastFallBack(): number {
  const first = (year: number): number => {
    const november = Date.UTC(year, 10, 1);
    return november + ((7 - new Date(november).getUTCDay()) % 7) * 24 * HOUR + 6 * HOUR;
  };
  const year = new Date().getUTCFullYear();
  return first(year) < Date.now() ? first(year) : first(year - 1);
}
