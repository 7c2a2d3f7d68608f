import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../simulator';
import { connect, egvs, egvsPath, get, refresh } from './app';

const DAY = 86_400_000;
const HOUR = 3_600_000;

let simulator: Simulator;
let now: number;
beforeAll(async () => {
  simulator = await startSimulator({ people: 0, scenarios: ['traveller', 'quota-storm'], clock: '2026-12-01T12:30:00Z' });
  ({ now } = await simulator.control.clock({ rate: 0, to: '2026-12-01T12:40:00Z' }));
});
afterAll(() => simulator.stop());

const begin = (name: string): Promise<{ people: string[] }> => simulator.control.startScenario(name);

describe('a scenario', () => {
  test('of the command line has begun: its people and settings are there', async () => {
    const ids = (await simulator.control.people()).map(({ id }) => id);
    expect(ids).toEqual(['traveller', ...Array.from({ length: 20 }, (_, n) => `crowd-${n + 1}`)]);
    expect(await simulator.control.settings({ callsPerHour: null })).toMatchObject({ callsWindow: 'clock' });
  });

  test.each([
    'receiver-uploads',
    'phone-offline',
    'signal-loss',
    'twins',
    'g7-sensors',
    'relative',
    'revoked-consent',
    'token-outage',
    'dirty-zoo',
    'one-users',
    'sandbox',
  ])('%s begins at run time, once, and everybody in it can be connected and read', async (name) => {
    const { people } = await begin(name);
    expect(people.length).toBeGreaterThan(0);
    for (const id of people) {
      const tokens = await connect(simulator, id);
      expect((await get(simulator, tokens, 'dataRange')).status).toBe(200);
      expect((await get(simulator, tokens, egvsPath(now - 2 * DAY, now))).text.length).toBeGreaterThan(50_000);
    }
    await expect(begin(name)).rejects.toThrow(/409.*begun before/);
    expect(await simulator.control.scenarios()).toContainEqual({ name, description: expect.stringMatching(/\w/), appliedAt: now });
  });

  test('that nobody wrote is refused with the names of those that are there', async () => {
    await expect(begin('../settings')).rejects.toThrow(/422.*dirty-zoo/);
    await expect(startSimulator({ scenarios: ['nonsense'] })).rejects.toThrow(/dirty-zoo/);
  });
});

test('a traveller’s displayed offsets are those of where she was, DST of each place included', async () => {
  const tokens = await connect(simulator, 'traveller');
  const offsetAt = async (daysAgo: number): Promise<string | undefined> => {
    const [record] = await egvs(simulator, tokens, now - daysAgo * DAY, now - daysAgo * DAY + HOUR);
    return record?.displayTime.slice(19);
  };
  expect([await offsetAt(300), await offsetAt(240), await offsetAt(220), await offsetAt(30), await offsetAt(10)]).toEqual([
    '-05:00',
    '-04:00',
    '+02:00',
    '+10:30',
    '-05:00',
  ]);
});

test('a night of outages refuses tokens in every manner, and a withdrawn consent stays withdrawn through it', async () => {
  const tokens = await connect(simulator, 'doubter');
  await simulator.control.clock({ to: '2026-12-02T02:50:00-08:00' });
  const statuses = [];
  for (let n = 0; n < 20; n++) statuses.push((await refresh(simulator, tokens.refresh)).status);
  expect(new Set(statuses)).toEqual(new Set([400, 502, 503]));
  await simulator.control.clock({ advance: '1h' });
  expect(await refresh(simulator, tokens.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

describe('§8.37 another simulator of the same seed', () => {
  let other: Simulator;
  beforeAll(async () => {
    other = await startSimulator({ people: 0, scenarios: ['dirty-zoo', 'signal-loss', 'twins'], clock: '2026-12-01T12:30:00Z' });
  });
  afterAll(() => other.stop());

  test.each(['zoo-all', 'zoo-values', 'swimmer-g6', 'twin'])(
    'has the same of %s: readings, values, and when they can be seen',
    async (id) => {
      const window = { from: now - 3 * DAY, to: now - 2 * DAY };
      const told = async ({ control }: Simulator): Promise<unknown> =>
        (await control.readings(id, window)).map(({ recordId, systemTime, mgPerDl, visibleAt }) => [
          recordId,
          systemTime,
          mgPerDl,
          visibleAt,
        ]);
      expect(await told(other)).toEqual(await told(simulator));
    },
  );
});

describe('after a restart', () => {
  let state: string;
  let restarted: Simulator;
  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'simulator-'));
    restarted = await startSimulator({ state, people: 0, scenarios: ['token-outage'] });
  });
  afterAll(async () => {
    await restarted.stop();
    rmSync(state, { recursive: true });
  });

  test('people and faults of a scenario are there, and it does not begin again', async () => {
    const before = [await restarted.control.people(), await restarted.control.faults()];
    await restarted.kill();
    restarted = await startSimulator({ state, people: 0, scenarios: ['token-outage'] });
    expect([await restarted.control.people(), await restarted.control.faults()]).toEqual(before);
  });
});
