import { type Simulator, startSimulator } from '../simulator';
import { connect, egvs, egvsPath, get, type Tokens } from './app';

const DAY = 86_400_000;
const MINUTE = 60_000;

let simulator: Simulator;
let tokens: Tokens;
let now: number;
beforeAll(async () => {
  simulator = await startSimulator({ historyDays: 100 });
  await simulator.control.clock({ rate: 0 });
  await simulator.control.addPerson({ id: 'phone', historyDays: 100, device: 'g7-ios', zone: 'America/Los_Angeles' });
  await simulator.control.addPerson({ id: 'receiver', historyDays: 2, device: 'g6-receiver', zone: 'America/Los_Angeles' });
  await simulator.control.addPerson({ id: 'newcomer', historyDays: 0, delay: '1h' });
  tokens = await connect(simulator, 'phone');
  ({ now } = await simulator.control.clock());
});
afterAll(() => simulator.stop());
afterEach(() =>
  simulator.control.settings({
    order: 'newestFirst',
    windowEnd: 'exclusive',
    windowZ: 'refused',
    recordType: 'singular',
    errorBody: 'json',
  }),
);

describe('§8.14, §8.15, §8.18 a window', () => {
  test('includes its start and excludes its end, by systemTime', async () => {
    const [first, second] = await simulator.control.readings('phone', { from: now - DAY });
    if (!first || !second) throw new Error('a day has readings');
    expect((await egvs(simulator, tokens, first.measuredAt, second.measuredAt)).map(({ recordId }) => recordId)).toEqual([first.recordId]);
  });

  test('includes its end where the switch says so', async () => {
    const [first, second] = await simulator.control.readings('phone', { from: now - DAY });
    if (!first || !second) throw new Error('a day has readings');
    await simulator.control.settings({ windowEnd: 'inclusive' });
    expect(await egvs(simulator, tokens, first.measuredAt, second.measuredAt)).toHaveLength(2);
  });

  test('of thirty days comes whole, in one body', async () => {
    const from = now - 30 * DAY;
    const truth = await simulator.control.readings('phone', { from, to: now });
    const records = await egvs(simulator, tokens, from, now);
    expect(truth.length).toBeGreaterThan(8_500);
    expect(records.map(({ recordId }) => recordId).toReversed()).toEqual(truth.map(({ recordId }) => recordId));
  });

  test.each([
    ['longer than thirty days', (at: number) => egvsPath(at - 30 * DAY - 1_000, at)],
    ['that ends where it starts', (at: number) => egvsPath(at, at)],
    ['that ends before it starts', (at: number) => egvsPath(at, at - DAY)],
    ['without an end', (at: number) => egvsPath(at - DAY, at).replace(/&endDate.*/, '')],
    ['with an offset', (at: number) => `${egvsPath(at - DAY, at)}Z`],
    ['of words', () => 'egvs?startDate=yesterday&endDate=today'],
  ])('%s is refused', async (_, path) => {
    expect((await get(simulator, tokens, path(now))).status).toBe(400);
    expect((await get(simulator, tokens, path(now).replace('egvs', 'events'))).status).toBe(400);
  });

  test('in which nothing was measured holds no records', async () => {
    expect(await egvs(simulator, tokens, now - 200 * DAY, now - 190 * DAY)).toEqual([]);
  });
});

describe('§8.17, §8.20, §8.21, §8.22 an EGV', () => {
  test('of an app carries offsets, one of a receiver none', async () => {
    const [ofPhone] = await egvs(simulator, tokens, now - DAY, now);
    expect(ofPhone?.systemTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(ofPhone?.displayTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/);
    expect(Date.parse(ofPhone?.displayTime ?? '')).toBe(Date.parse(ofPhone?.systemTime ?? ''));
    const [ofReceiver] = await egvs(simulator, await connect(simulator, 'receiver'), now - DAY, now);
    expect(`${ofReceiver?.systemTime} ${ofReceiver?.displayTime}`).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
    );
  });

  test('has the documented fields, in mg/dL, with an arrow that fits its rate', async () => {
    const { body } = await get(simulator, tokens, egvsPath(now - 10 * DAY, now));
    expect(body).toMatchObject({ recordType: 'egv', recordVersion: '3.0', userId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const records = await egvs(simulator, tokens, now - 10 * DAY, now);
    expect(records[0]).toMatchObject({
      recordId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      transmitterId: expect.stringMatching(/^[0-9a-f]{64}$/),
      unit: 'mg/dL',
      rateUnit: 'mg/dL/min',
      displayDevice: 'iOS',
      transmitterGeneration: 'g7',
      displayApp: 'G7',
    });
    for (const { value, trend, trendRate } of records) {
      expect(Number.isInteger(value) && value >= 39 && value <= 401).toBe(true);
      if (trendRate !== null) expect(`${trendRate} ${trend}`).toMatch(fitting(trendRate));
    }
  });

  test('comes about every five minutes, with gaps only where a sensor warms up and another transmitter begins', async () => {
    const records = (await egvs(simulator, tokens, now - 30 * DAY, now)).toReversed();
    const gaps = records
      .slice(1)
      .map((record, n) => ({ record, before: records[n], ms: Date.parse(record.systemTime) - Date.parse(records[n]?.systemTime ?? '') }));
    const long = gaps.filter(({ ms }) => ms > 5 * MINUTE + 4_000);
    expect(gaps.every(({ ms }) => ms >= 5 * MINUTE - 4_000)).toBe(true);
    expect(long.length).toBeGreaterThanOrEqual(2);
    for (const { record, before, ms } of long) {
      expect(ms).toBeGreaterThanOrEqual(30 * MINUTE - 4_000);
      expect(record.transmitterId).not.toBe(before?.transmitterId);
      expect(record.transmitterTicks).toBeLessThan(3_600);
    }
  });

  test('has another id for another app, and the person another userId', async () => {
    await simulator.control.putApp({ clientId: 'second', clientSecret: 'second-secret', redirectUris: ['http://127.0.0.1:9/callback'] });
    const second = { ...simulator, clientId: 'second', clientSecret: 'second-secret' };
    const others = await get(second, await connect(second, 'phone'), egvsPath(now - DAY, now));
    const ours = await get(simulator, tokens, egvsPath(now - DAY, now));
    expect(others.body.userId).not.toBe(ours.body.userId);
    const ids = new Set(
      [...ours.text.matchAll(/"recordId":"([^"]+)"/g), ...others.text.matchAll(/"recordId":"([^"]+)"/g)].map(([, id]) => id),
    );
    expect(ids.size).toBe(2 * (await egvs(simulator, tokens, now - DAY, now)).length);
  });

  test('comes in any order that is asked for, always the same records', async () => {
    const newest = await egvs(simulator, tokens, now - DAY, now);
    await simulator.control.settings({ order: 'oldestFirst' });
    expect(await egvs(simulator, tokens, now - DAY, now)).toEqual(newest.toReversed());
    await simulator.control.settings({ order: 'shuffled' });
    const shuffled = await egvs(simulator, tokens, now - DAY, now);
    expect(shuffled).not.toEqual(newest);
    expect(shuffled.toSorted((a, b) => b.systemTime.localeCompare(a.systemTime))).toEqual(newest);
  });
});

describe('§8.27 dataRange', () => {
  test('spans what can be seen', async () => {
    const visible = await simulator.control.readings('phone', { visibleAt: now });
    const { body } = await get(simulator, tokens, 'dataRange');
    expect(body).toMatchObject({
      recordType: 'dataRange',
      calibrations: null,
      events: null,
      egvs: { start: { systemTime: visible[0]?.systemTime }, end: { systemTime: visible.at(-1)?.systemTime } },
    });
  });

  test('has no section for somebody of whom nothing can be seen', async () => {
    const { body } = await get(simulator, await connect(simulator, 'newcomer'), 'dataRange');
    expect(body).toMatchObject({ egvs: null });
  });

  test('with a lastSyncTime spans what is newer, with and without an offset', async () => {
    const last = (await simulator.control.readings('phone', { visibleAt: now })).at(-1);
    for (const offset of ['', 'Z']) {
      const since = new Date(now - 6 * MINUTE).toISOString().slice(0, 19) + offset;
      const { body } = await get(simulator, tokens, `dataRange?lastSyncTime=${since}`);
      expect(body).toMatchObject({ egvs: { end: { systemTime: last?.systemTime } } });
    }
    const { body } = await get(simulator, tokens, `dataRange?lastSyncTime=${new Date(now).toISOString()}`);
    expect(body).toMatchObject({ egvs: null });
  });
});

test('§8.16 devices ignores what is asked and shows the current sensor', async () => {
  const { status, body } = await get(simulator, tokens, 'devices?startDate=nonsense');
  const [newest] = await egvs(simulator, tokens, now - DAY, now);
  expect(status).toBe(200);
  expect(body).toMatchObject({ recordType: 'device', records: [{ transmitterId: newest?.transmitterId, displayDevice: 'iOS' }] });
});

test('§8.19 the envelope names its records in the singular, or in the plural by switch', async () => {
  const named = async (): Promise<unknown> => (await get(simulator, tokens, 'devices')).body.recordType;
  expect(await named()).toBe('device');
  await simulator.control.settings({ recordType: 'plural' });
  expect(await named()).toBe('devices');
});

test('§8.14 a refusal is JSON, or by switch is not', async () => {
  expect((await get(simulator, tokens, 'egvs')).body).toEqual({ message: expect.stringMatching(/^startDate/) });
  await simulator.control.settings({ errorBody: 'text' });
  expect((await get(simulator, tokens, 'egvs')).text).toMatch(/^startDate/);
});

test.each(['events', 'calibrations', 'alerts'])('§8.30 %s are empty by default', async (name) => {
  const { status, body } = await get(simulator, tokens, egvsPath(now - DAY, now).replace('egvs', name));
  expect({ status, body }).toMatchObject({ status: 200, body: { recordType: name.slice(0, -1), records: [] } });
});

test('§8.1 what v3 never had is not found, and nothing is shown without a token', async () => {
  expect((await get(simulator, tokens, 'statistics')).status).toBe(404);
  expect((await get(simulator, { access: 'stolen', refresh: '' }, 'dataRange')).status).toBe(401);
});

function fitting(rate: number): RegExp {
  const steepness = Math.abs(rate);
  const direction = rate > 0 ? 'Up' : 'Down';
  if (steepness < 1) return / flat$/;
  if (steepness < 2) return new RegExp(` fortyFive${direction}$`);
  return steepness < 3 ? new RegExp(` single${direction}$`) : new RegExp(` double${direction}$`);
}
