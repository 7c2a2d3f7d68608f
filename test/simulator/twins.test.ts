import type { Simulator } from '../simulator';
import { connect, egvs, egvsPath, get, stoppedSimulator } from './app';

const DAY = 86_400_000;

let simulator: Simulator;
let now: number;
beforeAll(async () => {
  ({ simulator, now } = await stoppedSimulator());
});
afterAll(() => simulator.stop());

describe('§8.28 phone and receiver', () => {
  test('report each reading twice: same transmitter, ticks and value, another recordId and device, seconds apart', async () => {
    await simulator.control.addPerson({ id: 'twin', historyDays: 3, device: 'g7-ios', twin: { device: 'g7-receiver' } });
    const tokens = await connect(simulator, 'twin');
    const { text } = await get(simulator, tokens, egvsPath(now - DAY, now));
    const { records }: { records: readonly Record<string, string | number>[] } = JSON.parse(text);
    const byTicks = new Map<unknown, (typeof records)[number][]>();
    for (const record of records) byTicks.set(record.transmitterTicks, [...(byTicks.get(record.transmitterTicks) ?? []), record]);
    const pairs = [...byTicks.values()].filter(({ length }) => length === 2);

    expect(byTicks.size - pairs.length).toBeLessThanOrEqual(1);
    expect(pairs.length).toBeGreaterThan(200);
    for (const pair of pairs) {
      const phone = pair.find(({ displayDevice }) => displayDevice === 'iOS');
      const receiver = pair.find(({ displayDevice }) => displayDevice === 'receiver');
      expect(receiver).toMatchObject({ transmitterId: phone?.transmitterId, value: phone?.value, displayApp: null });
      expect(receiver?.recordId).not.toBe(phone?.recordId);
      const apartMs = Date.parse(`${receiver?.systemTime}Z`) - Date.parse(String(phone?.systemTime));
      expect(apartMs >= 1_000 && apartMs <= 9_000).toBe(true);
    }
  });

  test('go each their own way to Dexcom: the phone at once, the receiver by hand every week', async () => {
    await simulator.control.addPerson({
      id: 'late',
      historyDays: 20,
      device: 'g6-ios',
      twin: { device: 'g6-receiver', uploadsEvery: '7d' },
    });
    const readings = await simulator.control.readings('late');
    const twins = readings.filter(({ device }) => device?.displayDevice === 'receiver');
    expect(twins.length).toBe(readings.length / 2);
    expect(readings.every(({ device, visibleAt, takenAt }) => device !== undefined || visibleAt === takenAt)).toBe(true);
    expect(new Set(twins.map(({ visibleAt }) => visibleAt)).size).toBeLessThanOrEqual(4);
  });

  test('begin with the switch at run time, and what was there stays single', async () => {
    await simulator.control.addPerson({ id: 'grown', historyDays: 1, device: 'g7-ios' });
    const before = (await simulator.control.readings('grown')).length;
    await simulator.control.changePerson('grown', { twin: { device: 'g7-receiver' } });
    expect(await simulator.control.readings('grown')).toHaveLength(before);
    await simulator.control.clock({ advance: '1h' });
    expect((await simulator.control.readings('grown')).length - before).toBeGreaterThan(20);
    expect((await get(simulator, await connect(simulator, 'grown'), 'devices')).body.records).toHaveLength(2);
  });
});

test('§8.28 the ledger knows both of a pair as served', async () => {
  await simulator.control.addPerson({ id: 'counted', historyDays: 1, twin: { device: 'g7-receiver' } });
  const at = (await simulator.control.clock()).now;
  const records = await egvs(simulator, await connect(simulator, 'counted'), at - DAY, at + 1_000);
  const served = await simulator.control.readings('counted', { from: at - DAY, served: 'once' });
  expect(served.map(({ recordId }) => recordId)).toEqual(records.map(({ recordId }) => recordId).toReversed());
});
