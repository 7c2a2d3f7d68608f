import { type Simulator, startSimulator } from '../simulator';
import { type Answer, authorizeUrl, connect, get, refresh, tokensIn } from './app';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ people: 2, clock: '2026-06-01T09:40:00Z', interval: '10m' });
  await simulator.control.clock({ rate: 0 });
});
afterEach(() => simulator.control.clearFaults());
afterAll(() => simulator.stop());

describe('§8.13 the token endpoint', () => {
  test('fails in the nightly window, 02:45 to 03:45 in Los Angeles, and at no other time', async () => {
    let { refresh: token } = await connect(simulator, 'ada');
    await simulator.control.addFault({ kind: 'status', status: 503, endpoints: ['token'], times: null, daily: {} });
    const night: [string, number][] = [];
    for (const at of ['02:44', '02:45', '03:44', '03:45']) {
      await simulator.control.clock({ to: `2026-06-01T${at}:00-07:00` });
      const answer = await refresh(simulator, token);
      if (answer.status === 200) token = tokensIn(answer).refresh;
      night.push([at, answer.status]);
    }
    expect(night).toEqual([
      ['02:44', 200],
      ['02:45', 503],
      ['03:44', 503],
      ['03:45', 200],
    ]);
    await simulator.control.clock({ to: '2026-06-02T03:00:00-07:00' });
    expect((await refresh(simulator, token)).status).toBe(503);
  });

  test('can fail so for one person only', async () => {
    const [ada, ben] = [await connect(simulator, 'ada'), await connect(simulator, 'ben')];
    await simulator.control.addFault({ kind: 'oddBody', endpoints: ['token'], personId: 'ada', times: null });
    expect([(await refresh(simulator, ada.refresh)).status, (await refresh(simulator, ben.refresh)).status]).toEqual([400, 200]);
  });

  test.each([
    ['description', /^\{"error_description"/],
    ['errors', /^\{"errors":\[\{"code"/],
    ['message', /^\{"message"/],
    ['text', /^NOT JSON$/],
    ['bytes', /^\ufffd{3}$/],
    ['half', /^\{$/],
  ] as const)('refuses with a body that is not RFC 6749’s: %s', async (form, body) => {
    const { refresh: token } = await connect(simulator, 'ada');
    await simulator.control.addFault({ kind: 'oddBody', form, endpoints: ['token'] });
    const answer: Answer = await refresh(simulator, token);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(body);
    expect((await refresh(simulator, token)).status).toBe(200);
  });
});

describe('§8.11 consent', () => {
  test('is withdrawn by itself where the switch says after how long', async () => {
    await simulator.control.addPerson({ id: 'doubter', historyDays: 1, withdrawsAfter: '1h' });
    const tokens = await connect(simulator, 'doubter');
    await simulator.control.clock({ advance: '59m' });
    expect((await get(simulator, tokens, 'dataRange')).status).toBe(200);
    await simulator.control.clock({ advance: '1m' });
    expect((await get(simulator, tokens, 'dataRange')).status).toBe(401);
    expect(await refresh(simulator, tokens.refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('can be given by a relative with another account, after the first time', async () => {
    await simulator.control.addPerson({ id: 'father', historyDays: 1 });
    await simulator.control.addPerson({ id: 'daughter', historyDays: 1, approvesAs: { account: 'father', afterConsents: 1 } });
    const userId = async (): Promise<unknown> => (await get(simulator, await connect(simulator, 'daughter'), 'dataRange')).body.userId;
    const [first, second] = [await userId(), await userId()];
    expect(second).not.toBe(first);
    expect(second).toBe((await get(simulator, await connect(simulator, 'father'), 'dataRange')).body.userId);
    await simulator.control.changePerson('daughter', { approvesAs: { account: 'stranger' } });
    await expect(simulator.approve(authorizeUrl(simulator), 'daughter')).rejects.toThrow(/400.*nobody here is called stranger/s);
    await simulator.control.changePerson('daughter', { approvesAs: null });
    expect(await userId()).toBe(first);
  });

  test('is asked for on a page that lists everybody', async () => {
    expect(await (await fetch(authorizeUrl(simulator))).text()).toContain('<option value="ben">');
  });
});
