import { historyFloor } from '../../src/freshness/historyFloor';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T08:00:00Z');
const ago = (days: number): number => NOW - days * DAY;

test.each([
  ['everything Dexcom offers', { offeredFrom: ago(400) }, ago(400)],
  ['a month where Dexcom offers nothing yet', { offeredFrom: null }, ago(30) + 1_000],
  ['the same where what it offers lies ahead', { offeredFrom: NOW + 1 }, ago(30) + 1_000],
  ['as many days as are wanted', { offeredFrom: ago(400), daysToPull: 90 }, ago(90)],
  ['what is offered, where more is wanted', { offeredFrom: ago(40), daysToPull: 90 }, ago(40)],
  ['what the bounds let through', { offeredFrom: ago(400), notBefore: ago(10) }, ago(10)],
  ['the narrower of both', { offeredFrom: ago(400), daysToPull: 5, notBefore: ago(10) }, ago(5)],
  ['a last second, where the bounds let nothing through: its end is told', { offeredFrom: ago(400), notBefore: NOW + DAY }, NOW - 1_000],
])('a historical pull reads %s', (_, limits, floor) => {
  expect(historyFloor({ until: NOW, daysToPull: null, notBefore: null, ...limits })).toBe(floor);
});
