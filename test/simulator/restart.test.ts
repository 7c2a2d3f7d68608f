import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../simulator';
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

test('one folder is not for two simulators, and the second says so', async () => {
  await expect(startSimulator({ state })).rejects.toThrow(/another simulator/);
});

test('a damaged journal is named with its line', async () => {
  await simulator.stop();
  appendFileSync(join(state, 'journal.ndjson'), 'not json\n');
  await expect(startSimulator({ state })).rejects.toThrow(/journal\.ndjson:\d+ is not JSON/);
});
