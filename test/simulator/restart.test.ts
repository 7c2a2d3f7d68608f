import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator';
import { codeFor, connect, egvs, exchange, get, refresh, tokensIn } from './app';

const HOUR = 3_600_000;

let state: string;
let simulator: Simulator;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'simulator-'));
  simulator = await startSimulator({ state });
});
afterEach(async () => {
  await simulator.stop();
  rmSync(state, { recursive: true });
});

async function killAndRestart(): Promise<void> {
  await simulator.kill();
  simulator = await startSimulator({ state });
}

describe('killed with SIGKILL and started again on its folder, a simulator', () => {
  test('honours every token it answered', async () => {
    const first = await connect(simulator, simulator.person);
    const rotated = tokensIn(await refresh(simulator, first.refresh));
    await killAndRestart();
    expect((await get(simulator, rotated, 'dataRange')).status).toBe(200);
    expect(await refresh(simulator, first.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const next = tokensIn(await refresh(simulator, rotated.refresh));
    await killAndRestart();
    expect((await refresh(simulator, next.refresh)).status).toBe(200);
  });

  test('still knows which codes were used', async () => {
    const used = await codeFor(simulator, simulator.person);
    const fresh = await codeFor(simulator, simulator.person);
    await exchange(simulator, used);
    await killAndRestart();
    expect((await exchange(simulator, used)).status).toBe(400);
    expect((await exchange(simulator, fresh)).status).toBe(200);
  });

  test('keeps people, readings and ledger, to the last call', async () => {
    const tokens = await connect(simulator, simulator.person);
    const { now } = await simulator.control.clock();
    await simulator.control.addReading(simulator.person, { measuredAt: now - HOUR + 1, mgPerDl: 123 });
    await simulator.control.changePerson(simulator.person, { interval: '10s', delay: '1s' });
    await egvs(simulator, tokens, now - 3 * HOUR, now);
    const window = { from: now - 6 * HOUR, to: now };
    const before = [
      await simulator.control.readings(simulator.person, window),
      await simulator.control.calls(),
      await simulator.control.people(),
    ];
    await killAndRestart();
    expect([
      await simulator.control.readings(simulator.person, window),
      await simulator.control.calls(),
      await simulator.control.people(),
    ]).toEqual(before);
  });

  test('keeps settings, faults and what is left of them', async () => {
    await simulator.control.settings({ graceSeconds: 120, order: 'oldestFirst' });
    await simulator.control.addFault({ kind: 'status', status: 503, times: 2 });
    const tokens = await connect(simulator, simulator.person).catch(() => null);
    expect(tokens).toBeNull();
    const before = [await simulator.control.settings(), await simulator.control.faults()];
    await killAndRestart();
    expect([await simulator.control.settings(), await simulator.control.faults()]).toEqual(before);
  });

  test('keeps its clock going as if it had been there', async () => {
    const { now } = await simulator.control.clock({ advance: '400d' });
    await killAndRestart();
    const { now: later } = await simulator.control.clock();
    expect(later - now).toBeGreaterThan(0);
    expect(later - now).toBeLessThan(HOUR);
  });

  test('takes half a line at the end of its journal for nothing', async () => {
    const { refresh: token } = await connect(simulator, simulator.person);
    await simulator.kill();
    appendFileSync(join(state, 'journal.ndjson'), '{"kind":"grantEnded","gra');
    simulator = await startSimulator({ state });
    expect((await refresh(simulator, token)).status).toBe(200);
    await killAndRestart();
    expect(await simulator.control.grants()).toHaveLength(1);
  });
});

describe('started again with other options', () => {
  const FILE = join(__dirname, '../fixtures/clarity-g6-part.csv');
  const restart = async (options: SimulatorOptions): Promise<void> => {
    await simulator.stop();
    simulator = await startSimulator({ state, ...options });
  };
  const pace = async () => (await simulator.control.person(simulator.person)).spans.at(-1)?.pace;

  test('sensors read at the new interval from then on, and what was measured stays', async () => {
    const before = await simulator.control.readings(simulator.person);
    await restart({ interval: '10s' });
    expect((await simulator.control.readings(simulator.person)).slice(0, before.length)).toEqual(before);
    expect(await pace()).toEqual({ kind: 'every', stepMs: 10_000 });
  });

  test('the same file is the same person, at its own pace again once no interval is told', async () => {
    await restart({ replay: FILE, interval: '10s' });
    const { person } = simulator;
    expect(await pace()).toEqual({ kind: 'every', stepMs: 10_000 });
    await restart({ replay: FILE });
    expect([simulator.person, await pace()]).toEqual([person, { kind: 'recorded' }]);
  });

  test('another file of the same name is another person', async () => {
    const other = join(state, 'clarity-g6-part.csv');
    writeFileSync(other, `${readFileSync(FILE, 'utf8')}9999,2016-10-26T11:29:14,EGV,,,,iPhone G6,101,,,,\n`);
    await restart({ replay: FILE });
    const { person } = simulator;
    await restart({ replay: other });
    expect(simulator.person).not.toBe(person);
    expect((await simulator.control.people()).map(({ id }) => id)).toEqual(expect.arrayContaining([person, simulator.person]));
  });

  test('whose readings all lie in the past is not given a sensor', async () => {
    await restart({ replay: FILE, historyOnly: true });
    await restart({ replay: FILE, historyOnly: true, interval: '10s' });
    expect(await pace()).toEqual({ kind: 'none' });
  });
});

test('one folder is not for two simulators, and the second says so', async () => {
  await expect(startSimulator({ state })).rejects.toThrow(/another simulator/);
});

test('a damaged journal is named with its line', async () => {
  await simulator.stop();
  appendFileSync(join(state, 'journal.ndjson'), 'not json\n');
  await expect(startSimulator({ state })).rejects.toThrow(/journal\.ndjson:\d+ is not JSON/);
});
