import type { Simulator } from '../simulator';
import { connect, egvs, stoppedSimulator, type Tokens } from './app';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

let simulator: Simulator;
beforeAll(async () => {
  ({ simulator } = await stoppedSimulator());
});
afterAll(() => simulator.stop());

const valuesIn = async (tokens: Tokens, from: number, to: number): Promise<Map<string, number>> =>
  new Map((await egvs(simulator, tokens, from, to)).map(({ recordId, value }) => [recordId, value]));

describe('§8.29 readings that revise themselves', () => {
  test('are off by default: what was served stays', async () => {
    await simulator.control.addPerson({ id: 'steady', historyDays: 1 });
    const tokens = await connect(simulator, 'steady');
    const { now } = await simulator.control.clock();
    const before = await valuesIn(tokens, now - HOUR, now);
    await simulator.control.clock({ advance: '1h' });
    expect(await valuesIn(tokens, now - HOUR, now)).toEqual(before);
    expect(await simulator.control.readings('steady', { changed: 'afterServing' })).toEqual([]);
  });

  test('keep their recordId, change after their time, and the ledger names those that changed after serving', async () => {
    await simulator.control.addPerson({ id: 'restless', historyDays: 1, revisions: { share: 0.3, after: '100m' } });
    const tokens = await connect(simulator, 'restless');
    const { now } = await simulator.control.clock();
    const before = await valuesIn(tokens, now - 100 * MINUTE, now);
    await simulator.control.clock({ advance: '101m' });
    const changed = await simulator.control.readings('restless', { changed: 'afterServing' });
    const after = await valuesIn(tokens, now - 100 * MINUTE, now);
    const different = [...after].filter(([recordId, value]) => before.get(recordId) !== value).map(([recordId]) => recordId);

    expect([...after.keys()]).toEqual([...before.keys()]);
    expect(changed.map(({ recordId }) => recordId).toSorted()).toEqual(different.toSorted());
    expect(different.length).toBeGreaterThan(0);
    for (const { changedAt, visibleAt, mgPerDl, recordId } of changed) {
      expect(changedAt).toBe((visibleAt ?? 0) + 100 * MINUTE);
      expect(after.get(recordId)).toBe(mgPerDl);
    }
  });
});

describe('§8.37 the ledger answers', () => {
  let tokens: Tokens;
  let now: number;
  beforeAll(async () => {
    await simulator.control.addPerson({ id: 'asked', historyDays: 2, delay: '10m' });
    tokens = await connect(simulator, 'asked');
    ({ now } = await simulator.control.clock());
  });
  const ids = (readings: readonly { readonly recordId: string }[]): string[] => readings.map(({ recordId }) => recordId).toSorted();

  test('which readings were visible at an instant and never served', async () => {
    const served = await egvs(simulator, tokens, now - DAY, now);
    const never = await simulator.control.readings('asked', { from: now - DAY, visibleAt: now, served: 'never' });
    expect(never).toEqual([]);
    const older = await simulator.control.readings('asked', { visibleAt: now, served: 'never' });
    expect(ids(older).some((id) => ids(served).includes(id))).toBe(false);
    expect(older.length).toBeGreaterThan(200);
  });

  test('which were served and never asked for again', async () => {
    const again = ids(await egvs(simulator, tokens, now - HOUR, now));
    const once = ids(await simulator.control.readings('asked', { served: 'once' }));
    const ever = ids(await simulator.control.readings('asked', { served: 'ever' }));
    expect(ever.filter((id) => !again.includes(id))).toEqual(once);
    expect(once.length).toBeGreaterThan(200);
  });

  test('which changed after serving, also when an operator changed them', async () => {
    const [reading, other] = await simulator.control.readings('asked', { served: 'ever' });
    const [hidden] = await simulator.control.readings('asked', { served: 'never' });
    if (!reading || !other || !hidden) throw new Error('some were served and some were not');
    await simulator.control.clock({ advance: '1s' });
    for (const { key } of [reading, hidden]) await simulator.control.reviseReading('asked', key, 321);
    expect(ids(await simulator.control.readings('asked', { changed: 'afterServing' }))).toEqual([reading.recordId]);
  });
});
