import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { StoredReading } from '../../src/glucose/reading';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { readingAt } from '../glucose/readings';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';
import { DAY, glucoseOf, START } from './glucoseOf';

/** A page looks back over three of them, and midnight is among them. */
const STEP = 90_000;
const FIRST = START + DAY - 48 * STEP + 438;
const QUERY = { start_date: '2026-01-01', end_date: '2026-01-05' };

let world: ApiWorld;
let app: App;
let glucose: ReturnType<typeof glucoseOf>;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
  glucose = glucoseOf(world, app);
});
afterAll(() => world?.close());

/** One person's readings as one app of Dexcom's names them. */
const named = (numbers: readonly number[]): StoredReading[] => numbers.map((n) => readingAt(FIRST + n * STEP, { recordId: randomUUID() }));

const timesOf = (samples: readonly { system_time: string }[]): string[] => samples.map(({ system_time }) => system_time).sort();
const timesAt = (numbers: readonly number[]): string[] => numbers.map((n) => new Date(FIRST + n * STEP).toISOString()).sort();

/** A person first connected by one app, then by another. */
async function changedApp(old: readonly number[], fresh: readonly number[]): Promise<{ userId: string; connection: ConnectionDoc }> {
  const region = 'simulator' as const;
  const { userId } = await glucose.userWith(named(old), { region, clientId: 'old-app', consentedAt: START, desired: 'disconnected' });
  const connection = await glucose.connect(userId, named(fresh), { region, clientId: 'new-app', consentedAt: START + DAY });
  return { userId, connection };
}

test('a person whose app changed has every reading once, while the new app’s history comes in before and behind the reader of pages', async () => {
  const numbers = fc.uniqueArray(fc.nat(96), { maxLength: 60, size: 'max' }).map((all) => all.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(numbers, numbers, fc.integer({ min: 1, max: 25 }), async (old, fresh, limit) => {
      const before = fresh.filter((n) => n % 3 === 0);
      const missing = fresh.filter((n) => n % 3 !== 0);
      const { userId, connection } = await changedApp(old, before);
      const there = [...new Set([...old, ...before])].sort((a, b) => a - b);

      const samples = await glucose.follow(userId, { ...QUERY, limit: String(limit) }, async (page) => {
        const reader = there[(page + 1) * limit - 1] ?? 0;
        const close = missing.filter((n) => Math.abs(n - reader) <= 3);
        missing.splice(0, Infinity, ...missing.filter((n) => !close.includes(n)));
        await glucose.store(connection, named(close));
      });
      const served = timesOf(samples);
      expect(new Set(served).size).toBe(served.length);
      expect(served).toEqual(expect.arrayContaining(timesAt(there)));

      await glucose.store(connection, named(missing));
      const all = timesAt([...new Set([...old, ...fresh])]);
      expect(timesOf(await glucose.follow(userId, { ...QUERY, limit: String(limit) }))).toEqual(all);
      const flat = await app.call('GET', `/v2/timeseries/${userId}/glucose?${new URLSearchParams(QUERY)}`);
      expect(flat.body).toHaveLength(all.length);
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

test('what both apps have is the new one’s', async () => {
  const { userId } = await changedApp([1, 2, 3], []);
  const fresh = named([2, 3, 4]);
  await glucose.connect(userId, fresh, { region: 'simulator', clientId: 'newest-app', consentedAt: START + 2 * DAY });
  const samples = await glucose.follow(userId, QUERY);
  expect(samples.slice(1).map(({ record_id }) => record_id)).toEqual(fresh.map(({ recordId }) => recordId));
  expect(samples).toHaveLength(4);
});

test('two accounts of one app keep all their readings', async () => {
  const region = 'simulator' as const;
  const { userId } = await glucose.userWith(named([1, 2]), { region, clientId: 'app', consentedAt: START });
  await glucose.connect(userId, named([1, 2]), { region, clientId: 'app', consentedAt: START + DAY });
  expect(await glucose.follow(userId, QUERY)).toHaveLength(4);
});
