import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { glucosePage } from '../../src/api/routes/glucose/page';
import type { GlucosePosition } from '../../src/api/routes/glucose/position';
import { ReadAhead } from '../../src/api/routes/glucose/readAhead';
import { bytesFor, writePage } from '../../src/api/routes/glucose/writePage';
import { WrittenDays } from '../../src/api/routes/glucose/writtenDays';
import { nothingGiven } from '../../src/api/routes/user/fields';
import type { StoredReading } from '../../src/glucose/reading';
import { Connections } from '../../src/storage/connections';
import type { Database } from '../../src/storage/database';
import { dayId, GlucoseDays } from '../../src/storage/glucoseDays';
import { Users } from '../../src/storage/users';
import { PHONE, readingAt, recordIdOf } from '../glucose/readings';
import { freshDatabase } from '../storage/freshDatabase';
import { sampleConnection } from '../storage/sampleConnection';

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 17;
const DEVICES = [PHONE, { ...PHONE, displayDevice: 'receiver' }, { ...PHONE, transmitterId: 'b2' }, { ...PHONE, transmitterId: null }];

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.close());

/** Somebody whose days are stored, erased and asked for. */
async function person() {
  const { db } = database;
  const [users, connections, glucoseDays] = [new Users(db), new Connections(db), new GlucoseDays(db)];
  const services = { readAhead: new ReadAhead(users, connections), glucoseDays };
  const connection = sampleConnection();
  const { teamId, userId } = connection;
  const at = { createdAt: START, updatedAt: START };
  const user = { ...at, ...nothingGiven, _id: userId, teamId, clientUserId: userId, rev: 1, deletion: null, settleAt: null };
  await users.insert(user);
  await connections.ensure(connection);
  const written = new WrittenDays(3_000_000);
  let taken = 0;

  async function textOf(position: GlucosePosition, limit: number, memo: WrittenDays | null) {
    const { next, ...page } = await glucosePage(services, { teamId, userId, provider: '' }, position, limit, memo);
    taken += page.whole.length;
    return { next, text: Buffer.concat(writePage(page, next && JSON.stringify(next), new Uint8Array(bytesFor(page)))).toString() };
  }

  return {
    daysTaken: () => taken,
    connect: () => connections.ensure(sampleConnection({ teamId, userId, dexcomUserId: randomUUID() })),
    erase: () => glucoseDays.erase(connection),
    async store(day: number, readings: readonly StoredReading[]) {
      const _id = dayId(connection._id, START + day * DAY);
      const [before] = await glucoseDays.read(teamId, [_id]);
      const version = (before?.version ?? 0) + 1;
      await glucoseDays.write({ _id, teamId, userId, connectionId: connection._id, version, pullSeq: 1, unpublished: false, readings });
    },
    /** Follows the pages, each made both ways. */
    async expectSameText({ from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number }) {
      let position: GlucosePosition | null = { user: userId, provider: '', from, to, boundary: from, edge: [] };
      while (position) {
        const usual = await textOf(position, limit, null);
        expect(JSON.parse(usual.text)).toHaveProperty('groups');
        expect(await textOf(position, limit, written)).toEqual(usual);
        position = usual.next;
      }
    },
  };
}

/** A few readings of a day; some have no value, some an id that a neighbouring day has too, some fit no column. */
const anyDay = fc.record({
  day: fc.nat({ max: DAYS - 1 }),
  readings: fc
    .uniqueArray(
      fc.record({
        minute: fc.nat({ max: 1_439 }),
        device: fc.constantFrom(...DEVICES),
        mgPerDl: fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 39, max: 401 }) }, fc.constantFrom(null)),
        isRepeated: fc.nat({ max: 60 }).map((n) => n === 0),
        isOdd: fc.nat({ max: 60 }).map((n) => n === 0),
      }),
      { selector: ({ minute }) => minute, maxLength: 12 },
    )
    .map((all) => all.toSorted((a, b) => a.minute - b.minute)),
});

type AnyDay = typeof anyDay extends fc.Arbitrary<infer Value> ? Value : never;

const readingsOf = ({ day, readings }: AnyDay): StoredReading[] =>
  readings.map(({ minute, device, mgPerDl, isRepeated, isOdd }) => {
    const at = START + day * DAY + minute * 60_000;
    const recordId = recordIdOf(isRepeated ? 'the same' : String(at));
    return readingAt(at, { device, mgPerDl, recordId, ...(isOdd && { trendRateMgPerDlPerMin: 0.123456 }) });
  });

const anyQuery = fc
  .record({ fromHour: fc.nat({ max: 72 }), hours: fc.integer({ min: 120, max: DAYS * 24 }), wholeDays: fc.boolean() })
  .chain(({ fromHour, hours, wholeDays }) => {
    const from = START + (wholeDays ? Math.floor(fromHour / 24) * DAY : fromHour * HOUR);
    const to = from + (wholeDays ? Math.ceil(hours / 24) * DAY : hours * HOUR);
    return fc.constantFrom(7, 60, 5_000, 5_000).map((limit) => ({ from, to, limit }));
  });

test('a page says the same with and without days written before, whatever is asked, stored and erased in between', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyDay, { minLength: 15, maxLength: 30 }),
      fc.array(fc.record({ query: anyQuery, change: fc.option(anyDay), erases: fc.nat({ max: 9 }).map((n) => n === 0) }), { maxLength: 3 }),
      async (days, steps) => {
        const somebody = await person();
        for (const day of days) await somebody.store(day.day, readingsOf(day));
        for (const { query, change, erases } of steps) {
          for (let n = 0; n < 3; n++) await somebody.expectSameText(query);
          if (erases) await somebody.erase();
          if (change) await somebody.store(change.day, readingsOf(change));
          await somebody.expectSameText(query);
        }
        taken += somebody.daysTaken();
      },
    ),
    { numRuns: 12 },
  );
  expect(taken).toBeGreaterThan(0);
});

test('days that were erased and stored anew, so that they are of the same version again, are told as they are now', async () => {
  const somebody = await person();
  const query = { from: START, to: START + 2 * DAY, limit: 5_000 };
  await somebody.store(0, [readingAt(START, { mgPerDl: 100 })]);
  for (let n = 0; n < 3; n++) await somebody.expectSameText(query);
  expect(somebody.daysTaken()).toBe(2);
  await somebody.erase();
  await somebody.expectSameText(query);
  await somebody.store(0, [readingAt(START, { mgPerDl: 101 })]);
  await somebody.expectSameText(query);
  expect(somebody.daysTaken()).toBe(3);
});

test('of a person with several connections no day is taken whole', async () => {
  const somebody = await person();
  await somebody.store(0, [readingAt(START, {})]);
  await somebody.connect();
  for (let n = 0; n < 3; n++) await somebody.expectSameText({ from: START, to: START + DAY, limit: 5_000 });
  expect(somebody.daysTaken()).toBe(0);
});
