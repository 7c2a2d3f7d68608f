import { randomUUID } from 'node:crypto';
import { dayId } from '../../src/storage/glucoseDays';
import { Records } from '../../src/storage/records';
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

describe('what people write down', () => {
  const SIBLINGS = ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'];
  const ask = (resource: string, user: string, query: Readonly<Record<string, string>>) =>
    app.call('GET', `/v2/timeseries/${user}/${resource}/grouped?${new URLSearchParams(query)}`);
  const event = (recordId: string, type: string, subType: string | null, value: string | null) => ({
    recordId,
    at: START,
    status: 'created',
    type,
    subType,
    value,
    unit: null,
    utcOffsetSeconds: -18_000,
    raw: `${recordId}${value}`,
  });
  const samplesOf = async (resource: string, user: string, query = { start_date: '2026-01-01' }) => {
    const { body } = await ask(resource, user, query);
    return Object.values((body as { groups: Record<string, { data: Record<string, unknown>[] }[]> }).groups).flatMap((all) =>
      all.flatMap(({ data }) => data),
    );
  };

  test.each(SIBLINGS)('%s answers where there is nothing, and refuses what is no question', async (resource) => {
    const userId = await app.newUser();
    expect((await ask(resource, userId, { start_date: '2026-01-01' })).body).toEqual({ groups: {}, next: null, next_cursor: null });
    expect((await ask(resource, userId, {})).status).toBe(422);
    expect((await ask(resource, userId, { start_date: '2026-01-01', next_cursor: 'mine' })).status).toBe(422);
    expect((await ask(resource, randomUUID(), { start_date: '2026-01-01' })).status).toBe(404);
  });

  test('is told in Vital’s shapes, each kind by itself, and what has no value is left out', async () => {
    const { userId, connection } = await glucose.userWith([]);
    const events = [
      event('fast', 'insulin', 'fastActing', '4.5'),
      event('long', 'insulin', 'longActing', '18'),
      event('none', 'insulin', 'fastActing', null),
      event('meal', 'carbs', null, '45'),
      event('unset', 'carbs', null, '-1.00'),
      event('run', 'exercise', 'heavy', '30'),
      event('endless', 'exercise', 'heavy', '1e300'),
      event('note', 'notes', null, 'Changed the sensor'),
      event('ill', 'health', 'illness', '0'),
      event('finger', 'bloodGlucose', null, '104'),
    ];
    const records = new Records(world.db);
    await records.keep(connection, events, { kept: new Map(), now: START });
    const instant = '2026-01-01T00:00:00+00:00';
    const common = { id: null, timezone_offset: -18_000, timestamp: instant, start: instant, end: instant, event_status: 'created' };
    const insulin = { ...common, event_type: 'insulin', unit: 'unit', delivery_mode: null, delivery_form: null, bolus_purpose: null };
    expect(await samplesOf('insulin_injection', userId)).toEqual([
      { ...insulin, record_id: 'fast', event_sub_type: 'fastActing', type: 'rapid_acting', value: 4.5 },
      { ...insulin, record_id: 'long', event_sub_type: 'longActing', type: 'long_acting', value: 18 },
    ]);
    expect(await samplesOf('carbohydrates', userId)).toEqual([
      { ...common, record_id: 'meal', event_type: 'carbs', event_sub_type: null, type: null, unit: 'g', value: 45 },
    ]);
    expect(await samplesOf('workout_duration', userId)).toEqual([
      {
        ...common,
        end: '2026-01-01T00:30:00+00:00',
        record_id: 'run',
        event_type: 'exercise',
        event_sub_type: 'heavy',
        type: null,
        unit: 'min',
        value: 30,
        intensity: 'high',
      },
    ]);
    expect((await samplesOf('note', userId)).map(({ record_id, value }) => [record_id, value])).toEqual([
      ['ill', 'illness'],
      ['note', 'Changed the sensor'],
    ]);
    expect(await samplesOf('note', userId, { start_date: '2026-01-02' })).toEqual([]);
  });

  test('comes page by page, each once', async () => {
    const { userId, connection } = await glucose.userWith([]);
    const many = Array.from({ length: 2_300 }, (_, n) => ({ ...event(`r${n}`, 'carbs', null, '10'), at: START + n * 60_000 }));
    await new Records(world.db).keep(connection, many, { kept: new Map(), now: START });
    const ids: unknown[] = [];
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages++) {
      const query = { start_date: '2026-01-01', ...(cursor !== '' && { next_cursor: cursor }) };
      const { body } = await ask('carbohydrates', userId, query);
      const page = body as { groups: Record<string, { data: { record_id: string }[] }[]>; next_cursor: string | null };
      ids.push(...Object.values(page.groups).flatMap((all) => all.flatMap(({ data }) => data.map(({ record_id }) => record_id))));
      cursor = page.next_cursor;
    }
    expect(pages).toBe(3);
    expect(ids).toEqual(many.map(({ recordId }) => recordId));
  });
});
