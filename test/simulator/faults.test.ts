import { type Simulator, startSimulator } from '../simulator';
import { connect, egvs, egvsPath, get, refresh, type Tokens, tokensIn } from './app';

const HOUR = 3_600_000;

let simulator: Simulator;
let tokens: Tokens;
let path: string;
beforeAll(async () => {
  simulator = await startSimulator({ people: 2 });
});
beforeEach(async () => {
  tokens = await connect(simulator, 'ada');
  const { now } = await simulator.control.clock();
  path = egvsPath(now - HOUR, now);
});
afterEach(async () => {
  await simulator.control.clearFaults();
  await simulator.control.settings({ callsPerHour: null, retryAfter: false });
});
afterAll(() => simulator.stop());

const statuses = async (calls: number): Promise<number[]> => {
  const answers = [];
  for (let n = 0; n < calls; n++) answers.push((await get(simulator, tokens, path)).status);
  return answers;
};

describe('§8.35 a fault', () => {
  test('hits as many calls as it is told to, after those it is to skip', async () => {
    await simulator.control.addFault({ kind: 'status', status: 503, skip: 1, times: 2 });
    expect(await statuses(5)).toEqual([200, 503, 503, 200, 200]);
    expect(await simulator.control.faults()).toMatchObject([{ matched: 5, hits: 2 }]);
  });

  test('hits only the endpoint and the person it is meant for', async () => {
    await simulator.control.addFault({ kind: 'status', status: 401, endpoints: ['dataRange'], personId: 'ada', times: null });
    expect((await get(simulator, tokens, path)).status).toBe(200);
    expect((await get(simulator, tokens, 'dataRange')).status).toBe(401);
    const others = await connect(simulator, 'ben');
    expect((await get(simulator, others, 'dataRange')).status).toBe(200);
  });

  test('finds the person of a refresh too', async () => {
    await simulator.control.addFault({ kind: 'status', status: 500, endpoints: ['token'], personId: 'ada' });
    expect((await refresh(simulator, (await connect(simulator, 'ben')).refresh)).status).toBe(200);
    expect((await refresh(simulator, tokens.refresh)).status).toBe(500);
    expect((await refresh(simulator, tokens.refresh)).status).toBe(200);
  });

  test('by chance hits about as often as it should', async () => {
    await simulator.control.addFault({ kind: 'status', status: 500, probability: 0.5, times: null });
    const failed = (await statuses(100)).filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(25);
    expect(failed).toBeLessThan(75);
  });

  test('can carry Retry-After and a body that is no JSON', async () => {
    await simulator.control.addFault({ kind: 'status', status: 429, retryAfterSeconds: 7, body: 'NOT JSON', contentType: 'text/plain' });
    const response = await fetch(`${simulator.url}/v3/users/self/${path}`, { headers: { authorization: `Bearer ${tokens.access}` } });
    expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([429, '7', 'NOT JSON']);
  });

  test.each([
    ['empty', (whole: string, text: string) => expect([whole.length > 1_000, text]).toEqual([true, ''])],
    ['html', (_: string, text: string) => expect(text).toMatch(/^<!doctype html>/)],
    ['truncated', (whole: string, text: string) => expect(text).toBe(whole.slice(0, Math.floor(whole.length / 2)))],
  ] as const)('%s answers 200 with a body nobody can use, and nothing counts as served', async (kind, check) => {
    const whole = await get(simulator, tokens, path);
    const servedBefore = (await simulator.control.readings('ada')).reduce((sum, { servedCount }) => sum + servedCount, 0);
    await simulator.control.addFault({ kind });
    const { status, text } = await get(simulator, tokens, path);
    expect(status).toBe(200);
    check(whole.text, text);
    expect((await simulator.control.readings('ada')).reduce((sum, { servedCount }) => sum + servedCount, 0)).toBe(servedBefore);
  });

  test.each([{ kind: 'reset' }, { kind: 'cut' }] as const)('%j breaks the connection, and nothing counts as served', async (fault) => {
    const [newcomer] = (await simulator.control.addPerson({ id: `cut-by-${fault.kind}`, historyDays: 1 })).people;
    const theirs = await connect(simulator, newcomer?.id ?? '');
    await simulator.control.addFault(fault);
    const { now } = await simulator.control.clock();
    await expect(egvs(simulator, theirs, now - HOUR, now)).rejects.toThrow();
    expect(await simulator.control.readings(newcomer?.id ?? '', { served: 'ever' })).toEqual([]);
    expect(await simulator.control.calls({ personId: newcomer?.id ?? '', endpoint: 'egvs' })).toMatchObject([{ dropped: true }]);
  });

  test.each(['before', 'after'] as const)('that stalls %s the work outlasts an impatient client, who was served nothing', async (when) => {
    const id = `impatient-${when}`;
    await simulator.control.addPerson({ id, historyDays: 1 });
    const { access } = await connect(simulator, id);
    await simulator.control.addFault({ kind: 'stall', stallMs: 700, when });
    const impatient = { headers: { authorization: `Bearer ${access}` }, signal: AbortSignal.timeout(300) };
    await expect(fetch(`${simulator.url}/v3/users/self/${path}`, impatient)).rejects.toThrow();
    const call = async () => (await simulator.control.calls({ personId: id, endpoint: 'egvs' })).at(-1);
    while (!(await call())?.dropped) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await call())?.served?.count).toBeGreaterThan(5);
    expect(await simulator.control.readings(id, { served: 'ever' })).toEqual([]);
  });

  test('that is cleared is gone', async () => {
    const { id } = await simulator.control.addFault({ kind: 'status', status: 500, times: null });
    expect(await statuses(1)).toEqual([500]);
    await simulator.control.clearFault(id);
    expect(await statuses(1)).toEqual([200]);
  });

  test('that makes no sense is refused with the field’s name', async () => {
    await expect(simulator.control.addFault({ kind: 'status', status: 200 })).rejects.toThrow(/422.*status/s);
  });
});

describe('§8.10 a rotation whose answer is dropped', () => {
  test('has happened: the old token is spent, and the ledger shows an answer that never arrived', async () => {
    await simulator.control.addFault({ kind: 'reset', when: 'after', endpoints: ['token'], personId: 'ada' });
    await expect(refresh(simulator, tokens.refresh)).rejects.toThrow();
    expect(await refresh(simulator, tokens.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const rotation = (await simulator.control.rotations({ personId: 'ada' })).at(-1);
    expect(rotation).toMatchObject({ spent: tokens.refresh, answer: 'dropped', firstUsedAt: null });
  });

  test('is repeated within the grace, with the successor that was lost', async () => {
    await simulator.control.settings({ graceSeconds: 120 });
    await simulator.control.addFault({ kind: 'reset', when: 'after', endpoints: ['token'], personId: 'ada' });
    await expect(refresh(simulator, tokens.refresh)).rejects.toThrow();
    const successor = tokensIn(await refresh(simulator, tokens.refresh));
    await get(simulator, successor, 'dataRange');
    const rotation = (await simulator.control.rotations({ personId: 'ada' })).at(-1);
    expect(rotation).toMatchObject({
      answer: 'answered',
      repeats: 1,
      successor: { refreshToken: successor.refresh },
      firstUsedAt: expect.any(Number),
    });
    await simulator.control.settings({ graceSeconds: 0 });
  });
});

describe('§8.34 the app’s hourly budget', () => {
  test('answers 429 once it is spent, with Retry-After where the switch says so', async () => {
    const used = (await simulator.control.calls({ clientId: simulator.clientId })).length;
    await simulator.control.settings({ callsPerHour: used + 2, retryAfter: true });
    expect(await statuses(3)).toEqual([200, 200, 429]);
    await simulator.control.clock({ advance: '1h' });
    expect(await statuses(1)).toEqual([200]);
  });
});

describe('§8.21, §8.32, §8.33 somebody whose answers are odd', () => {
  test.each(['sparse', 'strangeWords', 'dirtyTimes', 'duplicates', 'invalidRecords'] as const)(
    '%s: the readings are all there, the same odd ones each time',
    async (oddity) => {
      const { now } = await simulator.control.clock();
      const plain = await egvs(simulator, tokens, now - 24 * HOUR, now - HOUR);
      await simulator.control.changePerson('ada', { oddities: [oddity] });
      const odd = await egvs(simulator, tokens, now - 24 * HOUR, now - HOUR);
      expect(odd).not.toEqual(plain);
      expect(await egvs(simulator, tokens, now - 24 * HOUR, now - HOUR)).toEqual(odd);
      const ids = new Set(odd.map(({ recordId }) => recordId).filter((id) => !id.startsWith('broken-')));
      expect([...ids]).toEqual(plain.map(({ recordId }) => recordId));
      await simulator.control.changePerson('ada', { oddities: [] });
    },
  );
});
