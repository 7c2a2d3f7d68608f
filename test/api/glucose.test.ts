import { GroupedGlucose } from '../../src/api/routes/glucose/schemas';
import { deviceIdOf } from '../../src/storage/devices';
import { PHONE, readingAt } from '../glucose/readings';
import { DAY, every, idsOf, recordIds, type Sample, START, samplesOf } from './glucoseOf';
import { type GlucoseWorld, openGlucoseWorld } from './glucoseWorld';

const FIVE_MINUTES = 300_000;

let world: GlucoseWorld;
let glucose: GlucoseWorld['glucose'];

beforeAll(async () => {
  world = await openGlucoseWorld();
  glucose = world.glucose;
});
afterAll(() => world?.close());

describe('a page', () => {
  test('has the shape both official SDKs parse, and ours beside it', async () => {
    const at = Date.parse('2026-01-05T08:05:12.438Z');
    const { userId, connection } = await glucose.userWith([
      readingAt(at, { recordId: 'r-1', mgPerDl: 104, trend: 'flat', utcOffsetSeconds: -28_800 }),
    ]);
    const { status, body } = await glucose.page(userId, { start_date: '2026-01-05', end_date: '2026-01-05' });
    expect(status).toBe(200);
    expect(body).toEqual({
      groups: {
        dexcom_v3: [
          {
            source: {
              provider: 'dexcom_v3',
              type: 'unknown',
              app_id: null,
              device_id: deviceIdOf(connection._id, PHONE),
              sport: null,
              workout_id: null,
              name: 'Dexcom',
              slug: 'dexcom_v3',
              logo: expect.any(String),
            },
            data: [
              expect.objectContaining({
                id: null,
                timestamp: '2026-01-05T08:05:12+00:00',
                timezone_offset: -28_800,
                type: null,
                unit: 'mmol/L',
                value: 5.77278,
                value_mg_per_dl: 104,
                trend: 'flat',
                record_id: 'r-1',
                system_time: '2026-01-05T08:05:12.438Z',
              }),
            ],
          },
        ],
      },
      next: null,
      next_cursor: null,
    });
  });

  test('is what the contract says, no key more and none less', async () => {
    const own = readingAt(START, { recordId: 'own', trend: null, status: 'ok' });
    const twins = [{ ...readingAt(START + 9_000, { recordId: 'twin' }), announced: false, announcedMgPerDl: null }];
    const { userId } = await glucose.userWith([
      { ...own, twins },
      readingAt(START + FIVE_MINUTES, { mgPerDl: 401, utcOffsetSeconds: null }),
    ]);
    const { body } = await glucose.page(userId, { start_date: '2026-01-01', end_date: '2026-01-01' });
    expect(samplesOf(body)).toHaveLength(2);
    expect(GroupedGlucose.parse(body)).toEqual(body);
  });

  test('of a fortnight is one answer and one read', async () => {
    const readings = every(FIVE_MINUTES, START, START + 14 * DAY);
    const { userId } = await glucose.userWith(readings);
    for (let n = 0; n < 2; n++) {
      const reads = await world.readsOf(async () => {
        const { body } = await glucose.page(userId, { start_date: '2026-01-01', end_date: '2026-01-14' });
        expect(body.next_cursor).toBeNull();
        expect(idsOf(samplesOf(body))).toEqual(recordIds(readings));
      });
      expect(reads).toBe(1);
    }
  });

  test.each([
    ['days, both whole', '2026-01-02', '2026-01-03', START + DAY, START + 3 * DAY],
    ['instants, both inclusive', '2026-01-02T06:00:00Z', '2026-01-02T12:00:00Z', START + 1.25 * DAY, START + 1.5 * DAY + 1],
    [
      'instants with an offset',
      '2026-01-02T06:00:00+02:00',
      '2026-01-02T12:00:00+02:00',
      START + DAY + 4 * 3_600_000,
      START + DAY + 10 * 3_600_000 + 1,
    ],
    ['instants without one, which are UTC', '2026-01-02T06:00:00', '2026-01-02T12:00:00', START + 1.25 * DAY, START + 1.5 * DAY + 1],
  ])('is bounded by %s', async (_, start_date, end_date, from, to) => {
    const readings = every(3_600_000, START, START + 4 * DAY);
    const { userId } = await glucose.userWith(readings);
    const { body } = await glucose.page(userId, { start_date, end_date });
    expect(idsOf(samplesOf(body))).toEqual(recordIds(readings.filter(({ at }) => at >= from && at < to)));
  });

  test('keeps to the bounds of what may be known of a person, each connection to its own', async () => {
    const readings = every(3_600_000, START, START + 30 * DAY);
    const { userId, connection } = await glucose.userWith(readings, { bounds: { from: START + DAY, to: null } });
    const other = await glucose.connect(userId, every(3_600_000, START + 1, START + 30 * DAY), {
      bounds: { from: null, to: START + 2 * DAY },
    });
    const samples = await glucose.follow(userId, { start_date: '2025-01-01', end_date: '2026-12-31' });
    expect(samples.map(({ system_time }) => Date.parse(system_time))).toEqual(
      [
        ...readings.map(({ at }) => at).filter((at) => at >= START + DAY),
        ...readings.map(({ at }) => at + 1).filter((at) => at < START + 2 * DAY),
      ].sort((a, b) => a - b),
    );
    for (const { _id } of [connection, other]) await world.connections.deleteOne({ _id });
  });

  test('goes further back than the latest historical pull, where an earlier one did', async () => {
    const { userId, connection } = await glucose.userWith(every(3_600_000, START, START + 2 * DAY));
    await world.connections.updateOne({ _id: connection._id }, { $set: { 'backfill.floor': START + 100 * DAY } });
    expect(samplesOf((await glucose.page(userId, { start_date: '2020-01-01' })).body)).toHaveLength(48);
  });

  test('leaves out what has no value: the official parsers insist on a number', async () => {
    const [first, second] = [readingAt(START, { recordId: 'a', mgPerDl: null }), readingAt(START + 1, { recordId: 'b' })];
    const { userId } = await glucose.userWith([first, second]);
    expect(idsOf(samplesOf((await glucose.page(userId, { start_date: '2026-01-01' })).body))).toEqual(['b']);
  });

  test('has a group for each device, whichever phone showed it, and one for readings that name none', async () => {
    const second = { ...PHONE, transmitterId: 'b2'.repeat(32) };
    const nameless = { ...PHONE, transmitterId: null };
    const devices = [PHONE, second, { ...PHONE, displayDevice: 'receiver' }, nameless, second];
    const readings = devices.map((device, n) => readingAt(START + n * FIVE_MINUTES, { device, recordId: `r-${n}` }));
    const { userId, connection } = await glucose.userWith(readings);
    const { body } = await glucose.page(userId, { start_date: '2026-01-01' });
    const groups = body.groups.dexcom_v3.map(({ source, data }: { source: { device_id: string }; data: Sample[] }) => [
      source.device_id,
      idsOf(data),
    ]);
    expect(groups).toEqual([
      [deviceIdOf(connection._id, PHONE), ['r-0', 'r-2']],
      [deviceIdOf(connection._id, second), ['r-1', 'r-4']],
      [null, ['r-3']],
    ]);
    expect(new Set(groups.map(([id]: [string]) => id)).size).toBe(3);
  });

  test('of a user who has connected nothing, or another provider, is empty', async () => {
    const nobody = await world.app.newUser();
    expect((await glucose.page(nobody, { start_date: '2026-01-01' })).body).toEqual({ groups: {}, next: null, next_cursor: null });
    const { userId } = await glucose.userWith([readingAt(START, {})]);
    expect((await glucose.page(userId, { start_date: '2026-01-01', provider: 'oura' })).body.groups).toEqual({});
    expect(samplesOf((await glucose.page(userId, { start_date: '2026-01-01', provider: 'dexcom_v3' })).body)).toHaveLength(1);
  });

  test('tells of the connections there are now, whatever they were a moment ago', async () => {
    const query = { start_date: '2026-01-01', end_date: '2026-01-31' };
    const [old, fresh] = [every(3_600_000, START, START + DAY), every(3_600_000, START + 2 * DAY, START + 3 * DAY)];
    const { userId, connection } = await glucose.userWith(old);
    const ids = async (): Promise<string[]> => idsOf(samplesOf((await glucose.page(userId, query)).body));
    expect(await ids()).toEqual(recordIds(old));

    await glucose.connect(userId, fresh);
    expect(await ids()).toEqual(recordIds([...old, ...fresh]));
    const earlier = readingAt(START + 1, { recordId: 'later' });
    await glucose.store(connection, [earlier]);
    expect(await ids()).toContain('later');

    await world.connections.deleteOne({ _id: connection._id });
    expect(await ids()).toEqual(recordIds(fresh));
  });

  test.each([
    ['no start', {}, 'start_date'],
    ['a start that is none', { start_date: 'yesterday' }, 'start_date'],
    ['an end that is none', { start_date: '2026-01-01', end_date: '2026-13-01' }, 'end_date'],
    ['an end before the start', { start_date: '2026-01-02', end_date: '2026-01-01' }, 'end_date'],
    ['a cursor that is none', { start_date: '2026-01-01', next_cursor: 'AAAA' }, 'next_cursor'],
    ['pages of nothing', { start_date: '2026-01-01', limit: '0' }, 'limit'],
    ['pages of too much', { start_date: '2026-01-01', limit: '5001' }, 'limit'],
  ])('is refused for %s, naming it', async (_, query, field) => {
    const { status, body } = await glucose.page(await world.app.newUser(), query as Record<string, string>);
    expect(status).toBe(422);
    expect(body.detail[0].loc).toEqual(['query', field]);
  });

  test.each([
    ['glucose/grouped', { start_date: 'yesterday' }, 'start_date'],
    ['glucose/grouped', { start_date: '2026-01-01', end_date: '2026-13-01' }, 'end_date'],
    ['glucose', { start_date: '1767225600' }, 'start_date'],
    ['note/grouped', { start_date: '2026-01-01', end_date: '01/02/2026' }, 'end_date'],
  ])('%s asked by %j says what is expected instead', async (resource, query, field) => {
    const path = `/v2/timeseries/${await world.app.newUser()}/${resource}?${new URLSearchParams(query)}`;
    const { status, body } = await world.app.call('GET', path);
    expect([status, body.detail]).toEqual([
      422,
      [expect.objectContaining({ loc: ['query', field], msg: expect.stringMatching(/date or a datetime of ISO 8601, such as 2026-/) })],
    ]);
  });
});
