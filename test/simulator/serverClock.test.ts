import { type Simulator, startSimulator } from '../simulator';
import { connect, egvs, egvsPath, get, type Tokens } from './app';

const MINUTE = 60_000;

let simulator: Simulator;
let tokens: Tokens;
let now: number;
beforeAll(async () => {
  simulator = await startSimulator({ interval: '10s', clock: '2026-06-01T12:30:00Z' });
  // A whole second, as windows are.
  await simulator.control.clock({ rate: 0, to: '2026-06-01T12:40:00Z' });
  tokens = await connect(simulator, simulator.person);
  ({ now } = await simulator.control.clock());
});
afterEach(() => simulator.control.settings({ clockSkewSeconds: 0, windowEndAhead: 'accepted' }));
afterAll(() => simulator.stop());

describe('§8.35 a server whose clock is off', () => {
  const dateHeader = async (): Promise<number> => {
    const response = await fetch(`${simulator.url}/v3/users/self/devices`, { headers: { authorization: `Bearer ${tokens.access}` } });
    return Date.parse(response.headers.get('date') ?? '');
  };

  test.each([-120, 120])('by %d s says so in its Date', async (clockSkewSeconds) => {
    await simulator.control.settings({ clockSkewSeconds });
    expect(Math.abs((await dateHeader()) - now - clockSkewSeconds * 1_000)).toBeLessThan(1_000);
  });

  test('and behind has not heard of the last two minutes, and the ledger counts nothing of them as served', async () => {
    const all = await egvs(simulator, tokens, now - 4 * MINUTE, now);
    await simulator.control.settings({ clockSkewSeconds: -120 });
    const fewer = await egvs(simulator, tokens, now - 4 * MINUTE, now);
    expect(fewer).toEqual(all.filter(({ systemTime }) => Date.parse(systemTime) <= now - 2 * MINUTE));
    expect(fewer.length).toBeLessThan(all.length);
    const [last] = (await simulator.control.readings(simulator.person, { to: now })).slice(-1);
    expect(last?.servedCount).toBe(1);
  });

  test('and behind may refuse a window that ends at the caller’s now', async () => {
    await simulator.control.settings({ windowEndAhead: 'refused' });
    expect((await get(simulator, tokens, egvsPath(now - MINUTE, now))).status).toBe(200);
    await simulator.control.settings({ clockSkewSeconds: -120 });
    expect((await get(simulator, tokens, egvsPath(now - MINUTE, now))).status).toBe(400);
    expect((await get(simulator, tokens, egvsPath(now - 4 * MINUTE, now - 3 * MINUTE))).status).toBe(200);
  });
});
