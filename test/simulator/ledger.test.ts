import type { LedgerReading } from '../../simulator/ledger/ledgerReading';
import { type Simulator, startSimulator } from '../simulator';
import { connect, egvs, refresh, type Tokens, tokensIn } from './app';

const HOUR = 3_600_000;
const MINUTE = 60_000;

let simulator: Simulator;
let tokens: Tokens;
let person = 0;
let id: string;

/** Everything in this file happens on a clock that stands still, to somebody nobody else knows. */
beforeAll(async () => {
  simulator = await startSimulator({ people: 0 });
  await simulator.control.clock({ rate: 0 });
});
beforeEach(async () => {
  id = `person-${++person}`;
  await simulator.control.addPerson({ id, historyDays: 2, delay: '10m', zone: 'UTC' });
  tokens = await connect(simulator, id);
});
afterAll(() => simulator.stop());

const now = async (): Promise<number> => (await simulator.control.clock()).now;
const seen = async (fromMs = 48 * HOUR): Promise<string[]> => {
  const at = await now();
  return (await egvs(simulator, tokens, at - fromMs, at + 48 * HOUR)).map(({ recordId }) => recordId).toSorted();
};
const ids = (readings: readonly LedgerReading[]): string[] => readings.map(({ recordId }) => recordId).toSorted();

describe('§8.37 the ledger', () => {
  test('knows what exists before anybody can see it, and when that will be', async () => {
    const at = await now();
    const hidden = (await simulator.control.readings(id)).filter(({ visibleAt }) => visibleAt !== null && visibleAt > at);
    expect(hidden.length).toBeGreaterThanOrEqual(1);
    for (const { measuredAt, visibleAt } of hidden) expect(visibleAt).toBe(measuredAt + 10 * MINUTE);
    expect(await seen()).toEqual(ids(await simulator.control.readings(id, { visibleAt: at })));
    await simulator.control.clock({ advance: '10m' });
    expect(await seen()).toEqual(expect.arrayContaining(ids(hidden)));
  });

  test('tells what was served to whom, when and how often, and what never was', async () => {
    const at = await now();
    const served = await egvs(simulator, tokens, at - HOUR, at);
    await simulator.control.clock({ advance: '1m' });
    await egvs(simulator, tokens, at - HOUR, at);
    const ledger = await simulator.control.readings(id, { served: 'ever' });
    expect(ids(ledger)).toEqual(expect.arrayContaining(served.map(({ recordId }) => recordId)));
    expect(ledger.filter(({ servedCount }) => servedCount === 2)).toHaveLength(served.length);
    const [first] = ledger;
    expect(first).toMatchObject({ servedTo: [simulator.clientId], firstServedAt: at, lastServedAt: at + MINUTE });

    const all = await simulator.control.readings(id);
    const never = await simulator.control.readings(id, { served: 'never' });
    expect(never).toHaveLength(all.length - ledger.length);
  });

  test('has the values and recordIds that were served', async () => {
    const at = await now();
    const truth = new Map((await simulator.control.readings(id)).map((reading) => [reading.recordId, reading]));
    const records = await egvs(simulator, tokens, at - 24 * HOUR, at);
    expect(records.length).toBeGreaterThan(250);
    for (const { recordId, value, trend, trendRate, systemTime } of records) {
      expect(truth.get(recordId)).toMatchObject({ mgPerDl: value, trend, trendRate, systemTime });
    }
  });

  test('counts every call by endpoint and status, token calls and refusals too', async () => {
    const from = await now();
    await simulator.control.clock({ advance: 1 });
    await refresh(simulator, tokens.refresh);
    await refresh(simulator, tokens.refresh);
    await fetch(`${simulator.url}/v3/users/self/egvs`, { headers: { authorization: `Bearer ${tokens.access}` } });
    await egvs(simulator, tokens, from - HOUR, from);
    expect(await simulator.control.callCounts({ personId: id, from: from + 1 })).toEqual([
      { endpoint: 'token', status: 200, calls: 1 },
      { endpoint: 'token', status: 400, calls: 1 },
      { endpoint: 'egvs', status: 400, calls: 1 },
      { endpoint: 'egvs', status: 200, calls: 1 },
    ]);
    expect((await simulator.control.calls({ personId: id, endpoint: 'egvs' })).at(-1)?.served?.count).toBeGreaterThan(5);
  });

  test('tells of each rotation whether its answer was used', async () => {
    const { refresh: second } = tokensIn(await refresh(simulator, tokens.refresh));
    expect(await simulator.control.rotations({ personId: id })).toMatchObject([
      { spent: tokens.refresh, answer: 'answered', firstUsedAt: null },
    ]);
    await refresh(simulator, second);
    expect(await simulator.control.rotations({ personId: id })).toMatchObject([
      { firstUsedAt: await now() },
      { spent: second, firstUsedAt: null },
    ]);
  });
});

describe('a reading', () => {
  test('added late lands behind what was served and is visible from then on', async () => {
    const at = await now();
    const before = await seen();
    const added = await simulator.control.addReading(id, { measuredAt: at - 5 * HOUR + 1_000, visibleAt: at + MINUTE, mgPerDl: 111 });
    expect(await seen()).toEqual(before);
    await simulator.control.clock({ advance: '1m' });
    const record = (await egvs(simulator, tokens, at - 6 * HOUR, at)).find(({ value }) => value === 111);
    const truth = (await simulator.control.readings(id)).find(({ key }) => key === added.key);
    expect(truth).toMatchObject({ recordId: record?.recordId, visibleAt: at + MINUTE, servedCount: 1 });
  });

  test('held back is not seen until released, and the ledger says so', async () => {
    const at = await now();
    const range = { from: at - 3 * HOUR, to: at - 2 * HOUR };
    const affected = ids(await simulator.control.readings(id, range));
    const { holdId } = await simulator.control.hold(id, range);
    expect((await seen()).filter((recordId) => affected.includes(recordId))).toEqual([]);
    await simulator.control.clock({ advance: '30m' });
    await simulator.control.release(id, holdId);
    expect((await seen()).filter((recordId) => affected.includes(recordId))).toEqual(affected);
  });

  test('held back before it could be seen counts as visible from its release', async () => {
    const at = await now();
    const { holdId } = await simulator.control.hold(id, { from: at, to: at + HOUR });
    await simulator.control.clock({ advance: '2h' });
    expect((await simulator.control.readings(id, { from: at, to: at + HOUR })).map(({ visibleAt }) => visibleAt)).toEqual(
      Array(12).fill(null),
    );
    await simulator.control.release(id, holdId);
    const released = await simulator.control.readings(id, { from: at, to: at + HOUR });
    expect(released.every(({ visibleAt }) => visibleAt === at + 2 * HOUR)).toBe(true);
  });

  test('revised keeps its recordId and what was served before stays told', async () => {
    const at = await now();
    const [old] = await egvs(simulator, tokens, at - 5 * HOUR, at - 4 * HOUR);
    const reading = (await simulator.control.readings(id)).find(({ recordId }) => recordId === old?.recordId);
    if (!old || !reading) throw new Error('an hour has readings');
    const value = old.value === 222 ? 223 : 222;
    await simulator.control.reviseReading(id, reading.key, value);
    const again = (await egvs(simulator, tokens, at - 5 * HOUR, at - 4 * HOUR)).find(({ recordId }) => recordId === old.recordId);
    expect(again).toEqual({ ...old, value });
    expect((await simulator.control.readings(id)).find(({ key }) => key === reading.key)).toMatchObject({ mgPerDl: value, servedCount: 2 });
  });

  test('lost was never there', async () => {
    const at = await now();
    await simulator.control.lose(id, { from: at - 2 * HOUR, to: at - HOUR });
    expect(await egvs(simulator, tokens, at - 2 * HOUR, at - HOUR)).toEqual([]);
    expect(await simulator.control.readings(id, { from: at - 2 * HOUR, to: at - HOUR })).toEqual([]);
  });
});

describe('§8.25 interval and delay', () => {
  test('changed from now on, leave what was measured as it was', async () => {
    const before = await simulator.control.readings(id);
    const at = await now();
    await simulator.control.changePerson(id, { interval: '10s' });
    await simulator.control.clock({ advance: '5m' });
    const after = await simulator.control.readings(id);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.filter(({ measuredAt }) => measuredAt > at).length).toBeGreaterThanOrEqual(29);
  });

  test('a shorter delay shows at once what waited, a longer one hides nothing', async () => {
    const at = await now();
    const waiting = ids((await simulator.control.readings(id)).filter(({ visibleAt }) => visibleAt !== null && visibleAt > at));
    await simulator.control.changePerson(id, { delay: 0 });
    const all = await seen();
    expect(all).toEqual(expect.arrayContaining(waiting));
    await simulator.control.changePerson(id, { delay: '3h' });
    expect(await seen()).toEqual(all);
  });

  test('without a sensor nothing more is measured', async () => {
    const before = await simulator.control.readings(id);
    await simulator.control.changePerson(id, { interval: 'none' });
    await simulator.control.clock({ advance: '1d' });
    expect(ids(await simulator.control.readings(id))).toEqual(ids(before));
  });
});

test('the clock never goes back', async () => {
  await expect(simulator.control.clock({ to: (await now()) - 1 })).rejects.toThrow(/409.*only moves forward/);
});

test('what the control API cannot read is refused with the field’s name', async () => {
  await expect(simulator.control.addPerson({ id: 'nobody', zone: 'Mars/Olympus' })).rejects.toThrow(/422.*zone/s);
  await expect(simulator.control.changePerson(id, { delay: 'soon' })).rejects.toThrow(/422.*delay/s);
  await expect(simulator.control.readings('nobody-at-all')).rejects.toThrow(/404.*nobody-at-all/);
});
