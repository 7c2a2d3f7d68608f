import { expectConnected, expectNewsToldOnce } from '../crash/verdict';
import { eventually } from '../engine/eventually';
import type { RecordsWorld } from './recordsWorld';
import { expectAsLedger } from './somebody';

/** Of what stands in a record, documented or not. */
export function recordForms(world: () => RecordsWorld): void {
  test.concurrent('survival 21: a record that cannot be read is kept with its JSON and reason, counted, and the rest goes through', async () => {
    const { engine, somebody, quarantined } = world();
    const broken = await somebody('broken');
    await expectAsLedger(engine, broken);
    const { data, next_cursor } = await quarantined(broken, 'limit=3');
    expect(next_cursor).not.toBeNull();
    const all = (await quarantined(broken, 'limit=250')).data;
    expect(data.length).toBe(3);
    const reasons = new Map(all.map(({ raw, reason }) => [String(JSON.parse(raw).recordId), reason]));
    expect(Object.fromEntries(reasons)).toEqual({
      'broken-time': 'systemTime cannot be read',
      'broken-value': 'value is no glucose value',
      'broken-all': 'systemTime is missing',
      'broken-future': 'systemTime is in the future',
    });
    const { data: users } = await engine.call<{ data: { provider: { dexcom_v3: { glucose: { quarantined: number } } } }[] }>(
      'GET',
      `/v2/introspect/resources?user_id=${broken.userId}`,
    );
    expect(users[0]?.provider.dexcom_v3.glucose.quarantined).toBeGreaterThanOrEqual(all.length);
  });

  test.concurrent('survivals 22 and 23: words nobody documented are kept as they are, and fields that are missing, null or empty are null', async () => {
    const { engine, somebody } = world();
    const odd = await somebody('odd-words');
    const samples = await expectAsLedger(engine, odd);
    expect(samples.map(({ trend }) => trend)).toEqual(expect.arrayContaining(['sideways', 'flat', null]));
    expect(samples.map(({ status }) => status)).toEqual(expect.arrayContaining(['ok', null]));
    expect(samples.map(({ device }) => device.display_device)).toContain('watch');
    const transmitters = new Set(samples.map(({ device }) => device.transmitter_id));
    expect(transmitters.has(null)).toBe(true);
    expect(transmitters.has('')).toBe(false);
  });

  test.concurrent('survival 24: numbers that come as texts are numbers', async () => {
    const { engine, somebody, told, quarantined } = world();
    const texts = await somebody('texts');
    await expectAsLedger(engine, texts);
    expect(told('updated', texts)).toEqual([]);
    expect((await quarantined(texts, 'limit=1')).data).toEqual([]);
  });

  test.concurrent('survival 25: 39 and 401 are below and above the range, and a reading without a value is neither shown nor told', async () => {
    const { engine, somebody, told, gaps, measure } = world();
    const extreme = await somebody('extreme');
    const [first, second, third] = gaps(extreme);
    const added = [await measure(extreme, first, 39), await measure(extreme, second, 401), await measure(extreme, third, null)];
    const [low, high, none] = added.map(({ recordId }) => recordId);
    await eventually(() => {
      const ranges = new Map(
        told('created', extreme).map(({ record_id, out_of_range, value_mg_per_dl }) => [record_id, [value_mg_per_dl, out_of_range]]),
      );
      expect([ranges.get(low ?? ''), ranges.get(high ?? '')]).toEqual([
        [39, 'low'],
        [401, 'high'],
      ]);
    });
    const samples = await expectAsLedger(engine, extreme);
    expect(samples.filter(({ record_id }) => record_id === low || record_id === high).map(({ out_of_range }) => out_of_range)).toEqual([
      'low',
      'high',
    ]);
    expect(samples.some(({ record_id }) => record_id === none)).toBe(false);
    expect(told('created', extreme).some(({ record_id }) => record_id === none)).toBe(false);
  });

  test.concurrent('survival 26: another recordType than the documented one changes nothing', async () => {
    const { engine, somebody } = world();
    const plural = await somebody('plain');
    await expectAsLedger(engine, plural);
    await expectConnected(engine, plural);
  });

  test.concurrent('survival 37: a new transmitter is another device of the same person, and no reading is lost or doubled between two', async () => {
    const { engine, somebody } = world();
    const [sensors, fifteen] = [await somebody('sensors'), await somebody('sensors-15')];
    for (const wearer of [sensors, fifteen]) {
      const samples = await expectAsLedger(engine, wearer);
      const transmitters = new Set(samples.map(({ device }) => device.transmitter_id));
      expect(transmitters.size).toBeGreaterThan(2);
      const devices = await engine.call<{ device_id: string }[]>('GET', `/v2/user/${wearer.userId}/device`);
      expect(new Set(devices.map(({ device_id }) => device_id))).toEqual(transmitters);
    }
    await expectNewsToldOnce(engine, sensors);
  });
}
