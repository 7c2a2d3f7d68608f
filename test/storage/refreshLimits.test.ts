import type { Database } from '../../src/storage/database';
import { REFRESHES_PER_HOUR, RefreshLimits } from '../../src/storage/refreshLimits';
import { freshDatabase } from './freshDatabase';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-22T08:00:00Z');

let database: Database;
let limits: RefreshLimits;
beforeAll(async () => {
  database = await freshDatabase();
  limits = new RefreshLimits(database.db);
});
afterAll(() => database?.close());

const takeMany = (userId: string, count: number, at: (n: number) => number = () => NOW) =>
  Promise.all(Array.from({ length: count }, (_, n) => limits.take('t', userId, at(n))));

test('of many refreshes at once exactly eight are taken', async () => {
  const turns = await takeMany('parallel', 40);
  expect(turns.filter(({ kind }) => kind === 'taken')).toHaveLength(REFRESHES_PER_HOUR);
  expect(turns.find(({ kind }) => kind === 'refused')).toEqual({ kind: 'refused', retryAt: NOW + HOUR });
});

test('the ninth is told when the oldest leaves the hour, and is taken at that very instant; refusals count for nothing', async () => {
  await takeMany('exact', 8, (n) => NOW + n * 60_000);
  for (let n = 0; n < 3; n++) expect(await limits.take('t', 'exact', NOW + HOUR - 1)).toEqual({ kind: 'refused', retryAt: NOW + HOUR });
  expect(await limits.take('t', 'exact', NOW + HOUR)).toEqual({ kind: 'taken' });
  expect(await limits.take('t', 'exact', NOW + HOUR)).toEqual({ kind: 'refused', retryAt: NOW + 60_000 + HOUR });
});

test('what is given back can be taken once more, and not twice', async () => {
  await takeMany('back', 8, (n) => NOW + n);
  await Promise.all([limits.giveBack('t', 'back', NOW + 3), limits.giveBack('t', 'back', NOW + 3)]);
  const turns = await takeMany('back', 5, () => NOW + 10);
  expect(turns.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
});

test('each user of each team has their own, also after one is erased', async () => {
  await takeMany('same', 8);
  expect((await limits.take('another team', 'same', NOW)).kind).toBe('taken');
  await limits.erase('t', 'same');
  expect((await limits.take('t', 'same', NOW)).kind).toBe('taken');
});
