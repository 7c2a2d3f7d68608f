import { randomUUID } from 'node:crypto';
import { dayId } from '../../src/storage/glucoseDays';
import { readingAt } from '../glucose/readings';
import { DAY, every, idsOf, recordIds, START, samplesOf } from './glucoseOf';
import { type GlucoseWorld, openGlucoseWorld } from './glucoseWorld';

let world: GlucoseWorld;
let glucose: GlucoseWorld['glucose'];

beforeAll(async () => {
  world = await openGlucoseWorld();
  glucose = world.glucose;
});
afterAll(() => world?.close());

describe('following the cursors', () => {
  test('gives every reading of months once, in order, under both names of the parameter', async () => {
    const readings = every(3_600_000, START, START + 70 * DAY);
    const { userId } = await glucose.userWith(readings);
    expect(idsOf(await glucose.follow(userId, { start_date: '2026-01-01' }))).toEqual(recordIds(readings));

    const first = await glucose.page(userId, { start_date: '2026-01-01' });
    const [byNew, byOld] = [{ next_cursor: first.body.next_cursor }, { cursor: first.body.next_cursor }];
    const answers = [
      await glucose.page(userId, { start_date: '2026-01-01', ...byNew }),
      await glucose.page(userId, { start_date: '2026-01-01', ...byOld }),
    ];
    expect(answers[0]?.body).toEqual(answers[1]?.body);
  });

  test('gives every reading there at page one exactly once while more arrive on all sides', async () => {
    const readings = every(3_600_000, START, START + 60 * DAY);
    const { userId, connection } = await glucose.userWith(readings);
    const samples = await glucose.follow(userId, { start_date: '2026-01-01' }, async (n) => {
      const late = [3, 14.99, 15.01, 29.5, 45, 61].map((day) => readingAt(START + (day + n / 100) * DAY + 7, { recordId: randomUUID() }));
      await glucose.store(connection, late);
    });
    const ids = idsOf(samples);
    expect(ids.filter((id) => recordIds(readings).includes(id))).toEqual(recordIds(readings));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('cuts a sensor of ten seconds into pages of five thousand', async () => {
    const readings = every(10_000, START, START + DAY);
    const { userId } = await glucose.userWith(readings);
    const first = samplesOf((await glucose.page(userId, { start_date: '2026-01-01' })).body);
    expect(first).toHaveLength(5_000);
    expect(idsOf(await glucose.follow(userId, { start_date: '2026-01-01' }))).toEqual(recordIds(readings));
  });

  test.each([1, 7, 288])('of at most %i readings gives the same', async (limit) => {
    const readings = every(3_600_000, START, START + 2 * DAY);
    const { userId } = await glucose.userWith(readings);
    const first = samplesOf((await glucose.page(userId, { start_date: '2026-01-01', limit: String(limit) })).body);
    expect(first).toHaveLength(Math.min(limit, readings.length));
    expect(idsOf(await glucose.follow(userId, { start_date: '2026-01-01', limit: String(limit) }))).toEqual(recordIds(readings));
  });

  test('loses nothing of two accounts that have the same records at the same instants, whatever the pages', async () => {
    const readings = every(3_600_000, START, START + DAY);
    const { userId } = await glucose.userWith(readings, { desired: 'disconnected' });
    await glucose.connect(userId, readings);
    const twice = recordIds(readings).flatMap((id) => [id, id]);
    for (const limit of ['1', '5', '5000']) expect(idsOf(await glucose.follow(userId, { start_date: '2026-01-01', limit }))).toEqual(twice);
  });

  test('reads no more of a sensor of ten seconds than a page and a day', async () => {
    const { userId, connection } = await glucose.userWith(every(10_000, START, START + 2 * DAY));
    // What lies beyond cannot be read; nobody looks there.
    await world.db
      .collection<{ _id: string }>('glucose_days')
      .updateOne({ _id: dayId(connection._id, START + DAY) }, { $set: { 'packed.format': 99 } });
    const { status, body } = await glucose.page(userId, { start_date: '2026-01-01', limit: '5000' });
    expect([status, samplesOf(body).length]).toEqual([200, 5_000]);
  });

  test('brings the readings of two accounts of one person in the order of time', async () => {
    const old = every(3_600_000, START, START + 20 * DAY);
    const fresh = every(3_600_000, START + 10 * DAY + 1, START + 30 * DAY);
    const { userId } = await glucose.userWith(old, { desired: 'disconnected' });
    await glucose.connect(userId, fresh);
    const all = [...old, ...fresh].sort((a, b) => a.at - b.at);
    expect(idsOf(await glucose.follow(userId, { start_date: '2026-01-01' }))).toEqual(recordIds(all));
  });

  test('walks over years without a sensor in few reads', async () => {
    const readings = [...every(3_600_000, START - 2_000 * DAY, START - 1_999 * DAY), ...every(3_600_000, START, START + DAY)];
    const { userId } = await glucose.userWith(readings);
    const reads = await world.readsOf(async () => {
      expect(idsOf(await glucose.follow(userId, { start_date: '2015-01-01' }))).toEqual(recordIds(readings));
    });
    expect(reads).toBeLessThan(50);
  });

  test('does not go on with another query’s cursor, nor another user’s', async () => {
    const readings = every(3_600_000, START, START + 40 * DAY);
    const [{ userId }, other] = [await glucose.userWith(readings), await glucose.userWith(readings)];
    const { body } = await glucose.page(userId, { start_date: '2026-01-01', end_date: '2026-03-01' });
    const next_cursor = body.next_cursor;
    for (const answer of [
      await glucose.page(userId, { start_date: '2026-01-02', end_date: '2026-03-01', next_cursor }),
      await glucose.page(userId, { start_date: '2026-01-01', next_cursor }),
      await glucose.page(userId, { start_date: '2026-01-01', end_date: '2026-03-01', provider: 'dexcom_v3', next_cursor }),
      await glucose.page(other.userId, { start_date: '2026-01-01', end_date: '2026-03-01', next_cursor }),
    ])
      expect([answer.status, answer.body.detail[0].loc]).toEqual([422, ['query', 'next_cursor']]);
  });
});
