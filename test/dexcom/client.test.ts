import { randomUUID } from 'node:crypto';
import type { DexcomTokens } from '../../src/dexcom/client';
import { DexcomError } from '../../src/dexcom/errors';
import { REDIRECT_URI, type Simulator, startSimulator } from '../simulator';
import { dexcomClient, type LoneClient } from './dexcomClient';

const DAY = 86_400_000;

let dexcom: Simulator;
let client: LoneClient;

beforeAll(async () => {
  dexcom = await startSimulator({ historyDays: 40 });
  client = dexcomClient({ baseUrl: dexcom.url, clientId: dexcom.clientId, clientSecret: dexcom.clientSecret });
});

afterAll(async () => {
  await client.close();
  await dexcom.stop();
});

afterEach(() => dexcom.control.clearFaults());

async function consent(personId: string): Promise<DexcomTokens> {
  const state = randomUUID();
  const redirect = new URL(await dexcom.approve(client.authorizeUrl({ redirectUri: REDIRECT_URI, state }), personId));
  expect(redirect.searchParams.get('state')).toBe(state);
  return client.exchangeCode({ code: redirect.searchParams.get('code') ?? '', redirectUri: REDIRECT_URI });
}

async function newPerson(person: Partial<Parameters<Simulator['control']['addPerson']>[0]> = {}): Promise<string> {
  const { people } = await dexcom.control.addPerson({ historyDays: 3, ...person, id: `p-${randomUUID().slice(0, 8)}` });
  return people[0]?.id ?? '';
}

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('consent', () => {
  test('gives a pair of tokens that lasts two hours by our own clock', async () => {
    const before = Date.now();
    const tokens = await consent(await newPerson());
    expect(tokens.issuedAt).toBeGreaterThanOrEqual(before);
    expect(tokens.expiresAt).toBe(tokens.issuedAt + 7_200_000);
  });

  test('is spent by its first exchange', async () => {
    const url = new URL(await dexcom.approve(client.authorizeUrl({ redirectUri: REDIRECT_URI, state: 's' }), await newPerson()));
    const grant = { code: url.searchParams.get('code') ?? '', redirectUri: REDIRECT_URI };
    await client.exchangeCode(grant);
    expect(await failure(client.exchangeCode(grant))).toMatchObject({ kind: 'invalid_grant', status: 400 });
  });

  test('a refresh rotates both tokens, and the spent one is refused', async () => {
    const first = await consent(await newPerson());
    const second = await client.refresh(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(await client.dataRange(second.accessToken)).toMatchObject({ userId: expect.any(String) });
    expect(await failure(client.refresh(first.refreshToken))).toMatchObject({ kind: 'invalid_grant' });
  });

  test.each([400, 401] as const)(
    'a secret that is wrong is the operator’s fault, whether Dexcom says so with %s',
    async (invalidClientStatus) => {
      await dexcom.control.settings({ invalidClientStatus });
      const stranger = dexcomClient({ baseUrl: dexcom.url, clientId: dexcom.clientId, clientSecret: 'wrong' });
      expect(await failure(stranger.refresh('any'))).toMatchObject({ kind: 'invalid_client', status: invalidClientStatus });
      await stranger.close();
    },
  );

  test('that was withdrawn ends access and refresh, each in its own words', async () => {
    const personId = await newPerson();
    const tokens = await consent(personId);
    await dexcom.control.revoke({ personId });
    expect(await failure(client.dataRange(tokens.accessToken))).toMatchObject({ kind: 'token_expired', status: 401 });
    expect(await failure(client.refresh(tokens.refreshToken))).toMatchObject({ kind: 'invalid_grant' });
  });
});

describe('readings', () => {
  test.each([
    ['exclusive', 'newestFirst', 'singular', 'g7-ios'],
    ['inclusive', 'oldestFirst', 'plural', 'g7-android'],
    ['inclusive', 'shuffled', 'singular', 'g6-receiver'],
    ['exclusive', 'shuffled', 'plural', 'g6-ios'],
  ] as const)('of windows that meet are all there are, each once: %s end, %s, %s, %s', async (windowEnd, order, recordType, device) => {
    await dexcom.control.settings({ windowEnd, order, recordType });
    const personId = await newPerson({ device });
    const { accessToken } = await consent(personId);
    const { now } = await dexcom.control.clock();
    const truth = await dexcom.control.readings(personId, { from: now - 2 * DAY, to: now });

    // A seam on a reading, and one between two milliseconds.
    const seams = [now - 2 * DAY, truth[100]?.measuredAt ?? 0, (truth[200]?.measuredAt ?? 0) + 1, now];
    const answers = await Promise.all(seams.slice(1).map((to, i) => client.egvs(accessToken, { from: seams[i] ?? 0, to })));
    const read = new Map(answers.flatMap(({ readings }) => readings).map((reading) => [reading.recordId, reading]));
    const wanted = truth.filter(({ visibleAt }) => visibleAt !== null && visibleAt <= now);
    expect(
      [...read.values()].map(({ at, mgPerDl, recordId, trend }) => ({ at, mgPerDl, recordId, trend })).sort((a, b) => a.at - b.at),
    ).toEqual(wanted.map(({ measuredAt, mgPerDl, recordId, trend }) => ({ at: measuredAt, mgPerDl, recordId, trend })));
    expect(answers.flatMap(({ rejected }) => rejected)).toEqual([]);
    await dexcom.control.settings({ windowEnd: 'exclusive', order: 'newestFirst', recordType: 'singular' });
  });

  test('thirty days come in one call, and with a window between two seconds in two', async () => {
    const personId = await newPerson({ historyDays: 31 });
    const { accessToken } = await consent(personId);
    const { now } = await dexcom.control.clock();
    const to = Math.floor(now / 1000) * 1000;
    for (const [fraction, calls] of [
      [0, 1],
      [400, 2],
    ] as const) {
      const before = await dexcom.control.calls({ personId, endpoint: 'egvs' });
      const { readings } = await client.egvs(accessToken, { from: to - 30 * DAY + fraction, to: to + fraction });
      expect(readings.length).toBeGreaterThan(8000);
      expect(await dexcom.control.calls({ personId, endpoint: 'egvs' })).toHaveLength(before.length + calls);
    }
  });

  test('odd in every way are read, the unusable ones rejected by themselves with their JSON', async () => {
    const personId = await newPerson({ oddities: ['sparse', 'strangeWords', 'dirtyTimes', 'duplicates', 'invalidRecords'] });
    const { accessToken } = await consent(personId);
    const { now } = await dexcom.control.clock();
    const truth = await dexcom.control.readings(personId, { from: now - DAY, to: now });

    const { readings, rejected } = await client.egvs(accessToken, { from: now - DAY, to: now });
    expect(new Map(readings.map(({ recordId, at, mgPerDl }) => [recordId, { at, mgPerDl }]))).toEqual(
      new Map(truth.map(({ recordId, measuredAt, mgPerDl }) => [recordId, { at: measuredAt, mgPerDl }])),
    );
    expect(readings).toHaveLength(truth.length);
    expect(rejected.map(({ reason }) => reason).sort()).toEqual([
      'systemTime cannot be read',
      'systemTime is in the future',
      'systemTime is missing',
      'value is no glucose value',
    ]);
    for (const { raw } of rejected) expect(JSON.parse(raw)).toMatchObject({ recordId: expect.stringContaining('broken') });
  });

  test('a window without any is empty, and a person without any has no range', async () => {
    const personId = await newPerson({ historyDays: 0, delay: '1h' });
    const { accessToken } = await consent(personId);
    const { now } = await dexcom.control.clock();
    const { userId, readings, rejected } = await client.egvs(accessToken, { from: now - DAY, to: now });
    expect({ readings, rejected }).toEqual({ readings: [], rejected: [] });
    expect(await client.dataRange(accessToken)).toEqual({ userId, egvs: null });
  });

  test('the range begins with the first reading and ends with the last that can be seen', async () => {
    const personId = await newPerson({ device: 'g6-receiver' });
    const { accessToken } = await consent(personId);
    const { now } = await dexcom.control.clock();
    const truth = await dexcom.control.readings(personId, { to: now });
    const { egvs } = await client.dataRange(accessToken);
    expect(egvs).toEqual({ start: truth[0]?.measuredAt, end: truth.at(-1)?.measuredAt });
  });
});

describe('a server whose clock is behind ours, and that refuses what lies ahead of it', () => {
  beforeAll(() => dexcom.control.settings({ clockSkewSeconds: -60, windowEndAhead: 'refused' }));
  afterAll(() => dexcom.control.settings({ clockSkewSeconds: 0, windowEndAhead: 'accepted' }));

  test('is read up to its own now, and is asked nothing where that leaves nothing', async () => {
    const personId = await newPerson({ historyDays: 1 });
    const { accessToken } = await consent(personId);
    const now = Date.now();
    const { readings } = await client.egvs(accessToken, { from: now - DAY, to: now });
    const known = await dexcom.control.readings(personId, { from: now - DAY, to: now - 65_000 });
    expect(readings.map(({ recordId }) => recordId)).toEqual(expect.arrayContaining(known.map(({ recordId }) => recordId)));
    expect(known.length).toBeGreaterThan(200);

    const before = (await dexcom.control.calls({ personId, endpoint: 'egvs' })).length;
    expect(await failure(client.egvs(accessToken, { from: now - 30_000, to: now }))).toMatchObject({ kind: 'refused', status: 400 });
    expect((await dexcom.control.calls({ personId, endpoint: 'egvs' })).length).toBe(before + 1);
  });
});

describe('what goes wrong has one kind, whatever the body', () => {
  const egvs = async (fault: Parameters<Simulator['control']['addFault']>[0], signal?: AbortSignal) => {
    const personId = await newPerson({ historyDays: 1 });
    const { accessToken } = await consent(personId);
    await dexcom.control.addFault({ ...fault, endpoints: ['egvs'] });
    const now = Date.now();
    return { accessToken, error: await failure(client.egvs(accessToken, { from: now - DAY, to: now }, signal)) };
  };
  const bodies = ['', '{', 'NOT JSON', '<html>', '{"error":"invalid_grant"}', '{"fault":{"detail":{}}}'];

  test.each([
    [401, 'token_expired'],
    [403, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
  ])('%s from a data endpoint is %s', async (status, kind) => {
    for (const body of bodies) {
      const { error } = await egvs({ kind: 'status', status, body, times: null });
      expect(error).toMatchObject({ name: 'DexcomError', kind, status, message: `Dexcom answered egvs with ${status}` });
    }
  });

  test.each([
    ['an empty body', { kind: 'empty' }, 'garbage'],
    ['a page of HTML', { kind: 'html' }, 'garbage'],
    ['half a body', { kind: 'truncated' }, 'garbage'],
    ['a connection that ends in the body', { kind: 'cut' }, 'unavailable'],
    ['a connection that is reset', { kind: 'reset' }, 'unavailable'],
  ] as const)('%s is %s', async (_, fault, kind) => {
    const { error } = await egvs(fault);
    expect(error).toBeInstanceOf(DexcomError);
    expect(error).toMatchObject({ kind });
  });

  test('Retry-After is handed on', async () => {
    for (const status of [429, 503]) {
      const { error } = await egvs({ kind: 'status', status, retryAfterSeconds: 17 });
      expect(error).toMatchObject({ retryAfterMs: 17_000 });
    }
  });

  test.each([
    [400, '{"error":"invalid_grant"}', 'invalid_grant'],
    [400, '{"error":"invalid_client"}', 'invalid_client'],
    [401, '{"error":"unauthorized_client"}', 'invalid_client'],
    [400, '{"error":"invalid_request"}', 'refused'],
    [400, 'invalid_grant', 'refused'],
    [400, '{"error_description":"invalid_grant"}', 'refused'],
    [400, '["invalid_grant"]', 'refused'],
    [400, '', 'refused'],
    [401, '', 'refused'],
    [429, '{"error":"invalid_grant"}', 'rate_limited'],
    [500, '{"error":"invalid_grant"}', 'unavailable'],
    [503, '<html>', 'unavailable'],
  ])('%s %s from the token endpoint is %s', async (status, body, kind) => {
    const { refreshToken } = await consent(await newPerson({ historyDays: 1 }));
    await dexcom.control.addFault({ kind: 'status', status, body, endpoints: ['token'] });
    expect(await failure(client.refresh(refreshToken))).toMatchObject({ kind, status });
    // Nothing was spent, so nobody is disconnected.
    expect(await client.refresh(refreshToken)).toMatchObject({ accessToken: expect.any(String) });
  });

  test('an answer that does not come is given up after the deadline, and one that nobody waits for at once', async () => {
    const { accessToken } = await consent(await newPerson({ historyDays: 1 }));
    await dexcom.control.addFault({ kind: 'stall', stallMs: 20_000, endpoints: ['dataRange'], times: 2 });
    const hasty = dexcomClient({ baseUrl: dexcom.url, clientId: dexcom.clientId, clientSecret: 'x', timeoutMs: 200 });
    expect(await failure(hasty.dataRange(accessToken))).toMatchObject({
      kind: 'unavailable',
      message: 'Dexcom did not answer dataRange within 0.2 s',
    });
    const stopped = new AbortController();
    const call = failure(client.dataRange(accessToken, stopped.signal));
    stopped.abort(new Error('the worker stops'));
    expect(await call).toMatchObject({ message: 'the worker stops' });
  });

  test('a server that is not there is unavailable', async () => {
    const lost = dexcomClient({ baseUrl: 'http://127.0.0.1:9', clientId: 'a', clientSecret: 'b' });
    expect(await failure(lost.refresh('secret-token'))).toMatchObject({
      kind: 'unavailable',
      message: 'Dexcom could not be reached for token: ECONNREFUSED',
    });
  });
});
