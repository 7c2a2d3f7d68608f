import { type Simulator, startSimulator } from '../simulator';
import { authorizeUrl, codeFor, connect, egvs, egvsPath, exchange, get } from './app';

const DAY = 86_400_000;
const HOUR = 3_600_000;

const inRegion = (region: 'us' | 'ous' | 'jp' | 'sandbox', people = 1): Promise<Simulator> =>
  startSimulator({ region, people, clock: '2026-06-01T12:00:00Z' });

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.stop()));
});

test('§8.2 each region is an instance of its own: its delay, its codes, its people’s zones, its userIds', async () => {
  const [us, ous, jp] = await Promise.all([inRegion('us'), inRegion('ous'), inRegion('jp')]);
  running.push(us, ous, jp);
  const userIds = new Set<unknown>();
  for (const [simulator, delayMs, prefix] of [
    [us, HOUR, 'US'],
    [ous, 3 * HOUR, 'OUS'],
    [jp, 3 * HOUR, 'JP'],
  ] as const) {
    const [reading] = await simulator.control.readings('ada', { served: 'never' });
    expect((reading?.visibleAt ?? 0) - (reading?.measuredAt ?? 0)).toBe(delayMs);
    expect(await codeFor(simulator, 'ada')).toMatch(new RegExp(`^${prefix}_`));
    userIds.add((await get(simulator, await connect(simulator, 'ada'), 'dataRange')).body.userId);
  }
  expect((await jp.control.person('ada')).zone).toBe('Asia/Tokyo');
  expect(userIds.size).toBe(3);
});

describe('the sandbox', () => {
  let simulator: Simulator;
  let now: number;
  beforeAll(async () => {
    simulator = await inRegion('sandbox', 0);
    ({ now } = await simulator.control.clock({ rate: 0, to: '2026-06-01T12:10:00Z' }));
  });
  afterAll(() => simulator.stop());

  test('§8.4 has a static code for each user, good once, for its minute, after each approval', async () => {
    const code = await codeFor(simulator, 'User7');
    expect(code).toMatch(/^US_[0-9a-f-]{36}\.[0-9a-f-]{36}\.[0-9a-f-]{36}$/);
    expect((await exchange(simulator, code)).status).toBe(200);
    expect((await exchange(simulator, code)).status).toBe(400);
    expect(await codeFor(simulator, 'User7')).toBe(code);
    await simulator.control.clock({ advance: '61s' });
    expect((await exchange(simulator, code)).status).toBe(400);
    expect(await codeFor(simulator, 'User6')).not.toBe(code);
  });

  test('§8.36 has User4, User6, User7 and User8, listed without a password, whose ten days repeat', async () => {
    const page = await (await fetch(authorizeUrl(simulator))).text();
    for (const id of ['User4', 'User6', 'User7', 'User8']) {
      expect(page).toContain(`<option value="${id}">`);
      const tokens = await connect(simulator, id);
      for (const type of ['insulin', 'carbs'])
        expect((await get(simulator, tokens, egvsPath(now - 15 * DAY, now).replace('egvs', 'events'))).text).toContain(
          `"eventType":"${type}"`,
        );
    }
    const tokens = await connect(simulator, 'User6');
    const session = async (ago: number) => {
      const from = now - ago * DAY;
      const records = await egvs(simulator, tokens, from, from + 2 * DAY);
      return new Map(records.map(({ systemTime, value }) => [Date.parse(systemTime) - from, value]));
    };
    const [first, second] = [await session(30), await session(20)];
    const inBoth = [...first.keys()].filter((at) => second.has(at));
    expect(inBoth.length).toBeGreaterThan(400);
    expect(inBoth.filter((at) => first.get(at) !== second.get(at))).toEqual([]);
  });

  test('§8.36 the receiver of User4 uploads once a session, all at once', async () => {
    const readings = await simulator.control.readings('User4');
    const uploads = new Set(readings.map(({ visibleAt }) => visibleAt));
    expect(readings.length).toBeGreaterThan(100);
    expect([...uploads].map((at) => Math.abs(at ?? 0) % (10 * DAY)).every((at, _, all) => at === all[0])).toBe(true);
  });
});
