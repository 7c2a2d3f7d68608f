import { randomUUID } from 'node:crypto';
import { dayId } from '../../src/storage/glucoseDays';
import { readingAt } from '../glucose/readings';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';
import { DAY, every, glucoseOf, START } from './glucoseOf';

let world: ApiWorld;
let app: App;
let glucose: ReturnType<typeof glucoseOf>;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
  glucose = glucoseOf(world, app);
});
afterAll(() => world?.close());

describe('GET /v2/timeseries/{user_id}/glucose', () => {
  const flat = (userId: string, query: Record<string, string>) =>
    app.call('GET', `/v2/timeseries/${userId}/glucose?${new URLSearchParams(query)}`);

  test('gives in one list what the pages of the grouped one give', async () => {
    const readings = every(600_000, START, START + 40 * DAY);
    const { userId } = await glucose.userWith([...readings, readingAt(START + 41 * DAY, { mgPerDl: null })]);
    const { status, headers, body } = await flat(userId, { start_date: '2026-01-01' });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(body).toEqual(await glucose.follow(userId, { start_date: '2026-01-01' }));
    expect(body).toHaveLength(readings.length);
  });

  test.each([
    ['nobody has measured', {}, []],
    ['has no value', { mgPerDl: null }, [START]],
  ])('is an empty list where %s', async (_, change, instants) => {
    const { userId } = await glucose.userWith(instants.map((at) => readingAt(at, change)));
    expect((await flat(userId, { start_date: '2026-01-01' })).body).toEqual([]);
  });

  test('is refused as the grouped one is', async () => {
    expect((await flat(randomUUID(), { start_date: '2026-01-01' })).status).toBe(404);
    const { status, body } = await flat(await app.newUser(), { start_date: '2026-01-02', end_date: '2026-01-01' });
    expect([status, body.detail[0].loc]).toEqual([422, ['query', 'end_date']]);
  });

  test('breaks off where the rest cannot be read, instead of ending as if it were whole', async () => {
    const { userId, connection } = await glucose.userWith(every(600_000, START, START + 40 * DAY));
    await world.db
      .collection<{ _id: string }>('glucose_days')
      .updateOne({ _id: dayId(connection._id, START + 30 * DAY) }, { $set: { 'packed.format': 99 } });
    const noise = jest.spyOn(console, 'error').mockReturnValue();
    await expect(flat(userId, { start_date: '2026-01-01' })).rejects.toThrow();
    noise.mockRestore();
    expect(world.logged()).toContain('an answer broke off');
  });
});

test.each(['insulin_injection', 'carbohydrates', 'note', 'workout_duration'])('%s answers, with nothing yet', async (resource) => {
  const userId = await app.newUser();
  const ask = (user: string, query: string) => app.call('GET', `/v2/timeseries/${user}/${resource}/grouped?${query}`);
  expect((await ask(userId, 'start_date=2026-01-01')).body).toEqual({ groups: {}, next: null, next_cursor: null });
  expect((await ask(userId, '')).status).toBe(422);
  expect((await ask(randomUUID(), 'start_date=2026-01-01')).status).toBe(404);
});
