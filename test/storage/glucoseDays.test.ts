import type { Database } from '../../src/storage/database';
import { type GlucoseDay, GlucoseDays } from '../../src/storage/glucoseDays';
import { readingAt } from '../glucose/readings';
import { gatedDb } from '../sync/gatedDb';
import { freshDatabase } from './freshDatabase';
import { sampleConnection } from './sampleConnection';

const START = Date.parse('2026-11-20T00:00:00Z');
const STEP_MS = 300_000;

describe('days of readings', () => {
  let database: Database;
  let days: GlucoseDays;

  beforeAll(async () => {
    database = await freshDatabase();
    days = new GlucoseDays(database.db);
  });
  afterAll(() => database.close());

  /** A day of a connection of its own. */
  function someDay(change: Partial<GlucoseDay> = {}): GlucoseDay {
    const { _id: connectionId, teamId, userId } = sampleConnection();
    const _id = `${connectionId}:2026-11-20`;
    return { _id, teamId, userId, connectionId, version: 1, pullSeq: 1, unpublished: false, readings: readings(3), ...change };
  }
  /** The same connection's, one day after the other. */
  const daysOf = (day: GlucoseDay, count: number): GlucoseDay[] =>
    Array.from({ length: count }, (_, n) => ({ ...day, _id: `${day.connectionId}:2026-11-${String(n + 1).padStart(2, '0')}` }));
  const readings = (count: number) => Array.from({ length: count }, (_, n) => readingAt(START + n * STEP_MS, {}));
  const read = async ({ teamId, _id }: GlucoseDay) => (await days.read(teamId, [_id]))[0];
  const connectionOf = ({ connectionId, teamId, userId }: GlucoseDay) => ({ _id: connectionId, teamId, userId });

  test('a day comes back as it was written, its readings packed', async () => {
    const day = someDay({ readings: readings(288) });
    expect(await days.write(day)).toBe(true);
    expect(await read(day)).toEqual(day);
  });

  test('of 20 writers of one version one wins, the first version included', async () => {
    const day = someDay();
    for (const version of [1, 2, 3]) {
      const writes = Array.from({ length: 20 }, (_, n) => days.write({ ...day, version, readings: readings(n + 1) }));
      const won = await Promise.all(writes);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await read(day))?.readings).toHaveLength(won.indexOf(true) + 1);
    }
  });

  test('of several days at once each is written for itself: what another writer has, or has fenced, is the only one that is not', async () => {
    const [fresh, empty, theirs, known, fenced] = [someDay(), someDay(), someDay(), someDay(), someDay()];
    await days.fence(connectionOf(empty), [empty._id], 1);
    await days.fence(connectionOf(fenced), [fenced._id], 2);
    await days.write({ ...theirs, readings: readings(9) });
    await days.write({ ...known, readings: readings(1) });
    const next = { ...known, version: 2 };

    expect(await days.writeEach([fresh, empty, theirs, next, fenced])).toEqual([fresh, empty, next]);
    for (const day of [fresh, empty, next]) expect(await read(day)).toEqual(day);
    expect((await read(theirs))?.readings).toHaveLength(9);
    expect(await read(fenced)).toMatchObject({ version: 0, pullSeq: 2, readings: [] });
  });

  test('a day that is there waits for none that is not', async () => {
    const [fresh, known] = [someDay(), someDay()];
    await days.write(known);
    const next = { ...known, version: 2 };
    let replaced = (): void => undefined;
    const replacement = new Promise<void>((resolve) => {
      replaced = resolve;
    });
    const gated = gatedDb(database.db, async (_, name) => {
      if (name === 'glucose_days.replaceOne') replaced();
      if (name === 'glucose_days.insertMany') await replacement;
    });
    expect(await new GlucoseDays(gated).writeEach([fresh, next])).toEqual([fresh, next]);
  });

  test('of writers of several days at once each day has one', async () => {
    const month = daysOf(someDay({ readings: [] }), 30);
    const writers = Array.from({ length: 5 }, (_, n) => days.writeEach(month.map((day) => ({ ...day, readings: readings(n + 1) }))));
    const won = await Promise.all(writers);
    for (const day of month) {
      const winners = won.flat().filter(({ _id }) => _id === day._id);
      expect(winners).toHaveLength(1);
      expect(await read(day)).toEqual(winners[0]);
    }
  });

  test.each([
    ['written', true],
    ['missing', false],
  ])('an older pull cannot write a fenced day that was %s before', async (_, written) => {
    const day = someDay();
    if (written) await days.write(day);
    const version = written ? 2 : 1;
    await days.fence(connectionOf(day), [day._id], 5);
    expect(await days.write({ ...day, version, pullSeq: 4 })).toBe(false);
    expect(await days.write({ ...day, version, pullSeq: 5 })).toBe(true);
  });

  test('a fence lowers no higher one and leaves versions and readings alone', async () => {
    const day = someDay({ pullSeq: 9 });
    await days.write(day);
    await days.fence(connectionOf(day), [day._id], 5);
    expect(await read(day)).toEqual(day);
  });

  test('a fence racing first writes of an older pull ends with each day fenced and nothing written afterwards', async () => {
    for (let round = 0; round < 10; round++) {
      const day = someDay();
      const [, ...writes] = await Promise.all([
        days.fence(connectionOf(day), [day._id], 5),
        ...Array.from({ length: 5 }, () => days.write(day)),
      ]);
      expect(writes.filter(Boolean).length).toBeLessThanOrEqual(1);
      expect(await read(day)).toMatchObject({ pullSeq: 5, version: writes.includes(true) ? 1 : 0 });
      expect(await days.write({ ...day, version: 2 })).toBe(false);
    }
  });

  test('publishing one version leaves a later one to be published', async () => {
    const day = someDay({ unpublished: true });
    await days.write(day);
    await days.write({ ...day, version: 2 });
    await days.markPublished(day);
    expect(await days.unpublishedOf(connectionOf(day))).toHaveLength(1);
    expect(await days.connectionsWithNews(100)).toContain(day.connectionId);
    await days.markPublished({ ...day, version: 2 });
    expect(await days.unpublishedOf(connectionOf(day))).toEqual([]);
    expect(await days.connectionsWithNews(100)).not.toContain(day.connectionId);
  });

  test('readings are counted over all days of a connection and no other', async () => {
    const day = someDay();
    const other = someDay();
    await days.write(day);
    await days.write({
      ...day,
      _id: `${day.connectionId}:2026-11-21`,
      readings: readings(5).map((r) => ({ ...r, at: r.at + 86_400_000 })),
    });
    await days.write(other);
    expect(await days.countReadings(connectionOf(day))).toBe(8);
  });

  test('another team reads, writes and publishes nothing', async () => {
    const day = someDay({ unpublished: true });
    await days.write(day);
    const theirs = { ...day, teamId: 'other' };
    expect(await days.read('other', [day._id])).toEqual([]);
    expect(await days.write({ ...theirs, version: 2 })).toBe(false);
    await days.markPublished(theirs);
    expect(await read(day)).toEqual(day);
  });
});
