import { afterUpload, unreadSince } from '../../src/freshness/lateUpload';
import { policyFor } from '../../src/freshness/policy';
import type { FreshnessState } from '../../src/storage/connectionDoc';

const policy = policyFor(300_000);
const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const daysAgo = (days: number): number => NOW - days * DAY;

/** Looked at ever since, in vain. */
const silentSince = (newestAt: number | null, change: Partial<FreshnessState> = {}): FreshnessState => ({
  newestAt,
  delayMs: null,
  missesInARow: 9,
  lookedAt: NOW - 3_600_000,
  ...change,
});
const shown = (newestAt: number | null) => ({ now: NOW, newestAt, created: 1 });

test.each<[string, FreshnessState, number | null, number | null]>([
  ['a receiver’s of 45 days, up to now', silentSince(daysAgo(45)), daysAgo(0), daysAgo(45)],
  ['one of 45 days that ends 16 days ago', silentSince(daysAgo(45)), daysAgo(16), daysAgo(45)],
  ['the first one ever, 60 days after the consent', silentSince(null), daysAgo(0), daysAgo(60)],
  ['one that the deep sweep of the next look may just miss', silentSince(daysAgo(29.5)), daysAgo(0), daysAgo(29.5)],
])('what may be the end of an upload, %s, has all of it read', (_, before, newestAt, since) => {
  expect(unreadSince(before, daysAgo(60), shown(newestAt), policy)).toBe(since);
});

test.each<[string, FreshnessState, number | null]>([
  ['nothing', silentSince(daysAgo(45)), null],
  ['nothing newer', silentSince(daysAgo(45)), daysAgo(45)],
  ['an upload that the deep sweep reads', silentSince(daysAgo(21)), daysAgo(0)],
  ['the end of what was caught up with, nobody having looked meanwhile', silentSince(daysAgo(45), { lookedAt: daysAgo(44.9) }), daysAgo(0)],
])('%s has nothing read again', (_, before, newestAt) => {
  expect(unreadSince(before, daysAgo(60), shown(newestAt), policy)).toBeNull();
});

test('all of it is read once more a day later, for it may have come in pieces, and then no more', () => {
  const first = afterUpload(silentSince(daysAgo(45)), daysAgo(60), shown(daysAgo(0)), policy);
  expect(first).toEqual({ unread: daysAgo(45), late: { since: daysAgo(45), againAt: NOW + DAY } });

  const known = silentSince(daysAgo(0), { late: first.late });
  const look = (now: number) => afterUpload(known, daysAgo(60), { now, newestAt: now - 300_000, created: 1 }, policy);
  expect(look(NOW + DAY - 1)).toEqual({ unread: null, late: first.late });
  expect(look(NOW + DAY)).toEqual({ unread: daysAgo(45), late: undefined });
  expect(afterUpload(silentSince(daysAgo(0)), daysAgo(60), shown(NOW), policy)).toEqual({ unread: null, late: undefined });
});

test('another one before that has both read from the older one’s beginning on', () => {
  const late = { since: daysAgo(80), againAt: NOW + DAY / 2 };
  const after = afterUpload(silentSince(daysAgo(45), { late }), daysAgo(90), shown(daysAgo(0)), policy);
  expect(after).toEqual({ unread: daysAgo(80), late: { since: daysAgo(80), againAt: NOW + DAY } });
});
