import { randomBytes, randomUUID } from 'node:crypto';
import { freePort } from '../../local/processes/freePort';
import { createKey } from '../../src/admin/createKey';
import { createTeam } from '../../src/admin/createTeam';
import { loadConfig } from '../../src/config';
import { createLog } from '../../src/log';
import { type RunningServer, startServer } from '../../src/server';
import { ApiKeys } from '../../src/storage/apiKeys';
import { Connections } from '../../src/storage/connections';
import type { Database } from '../../src/storage/database';
import { LinkConsents } from '../../src/storage/linkConsents';
import { Teams } from '../../src/storage/teams';
import { eventually } from '../engine/eventually';
import { mongodbUri, temporalAddress } from '../servers';
import { type Simulator, startSimulator } from '../simulator';
import { freshDatabase } from '../storage/freshDatabase';
import { sampleConnection } from '../storage/sampleConnection';
import { TcpProxy } from '../tcpProxy';
import { type Answer, APP_URL, send } from './apiWorld';

let database: Database;
let simulator: Simulator;
let mongodb: TcpProxy;
let temporal: TcpProxy;
let server: RunningServer;
let url: string;
let apiKey: string;
let teamId: string;

beforeAll(async () => {
  database = await freshDatabase();
  mongodb = await TcpProxy.to(new URL(mongodbUri()).host);
  temporal = await TcpProxy.to(temporalAddress());
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  simulator = await startSimulator({ redirectUris: [`${url}/v2/link/connect/dexcom_v3`] });

  const stores = { teams: new Teams(database.db), apiKeys: new ApiKeys(database.db) };
  ({ teamId } = await createTeam(stores.teams, { name: 'a team', redirectUrl: [APP_URL] }));
  ({ key: apiKey } = await createKey(stores, { team: teamId, label: '' }));
  const config = loadConfig({
    TEMPORAL_ADDRESS: temporal.address,
    MONGODB_URI: `mongodb://${mongodb.address}/?directConnection=true`,
    MONGODB_DATABASE: database.db.databaseName,
    CONTINUO_ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    CONTINUO_QUEUE_PREFIX: `test-${randomUUID().slice(0, 8)}-`,
    PORT: String(port),
    PUBLIC_URL: url,
    DEXCOM_CLIENT_ID: simulator.clientId,
    DEXCOM_CLIENT_SECRET: simulator.clientSecret,
    DEXCOM_BASE_URL: simulator.url,
  });
  server = await startServer(config, createLog({ level: 'silent', name: 'test' }));
});
afterAll(async () => {
  await server?.stop();
  await Promise.all([mongodb?.cut(), temporal?.cut(), simulator?.stop(), database?.close()]);
});

const call = (method: string, path: string, body?: object): Promise<Answer> => send(url, method, path, body, { 'x-vital-api-key': apiKey });
const newUser = async (): Promise<string> => (await call('POST', '/v2/user', { client_user_id: randomUUID() })).body.user_id;

const expectAway = ({ status, headers, body }: Answer, what: string): void => {
  expect([status, body]).toEqual([503, { detail: `${what} is away; try again` }]);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
};

describe('while the database is away', () => {
  test('requests are told to come back, and served again without a restart', async () => {
    expect(await call('GET', '/readyz')).toMatchObject({ status: 200, body: { mongodb: true, temporal: true } });
    const userId = await newUser();
    await mongodb.cut();
    expect(await call('GET', '/readyz')).toMatchObject({ status: 503, body: { mongodb: false, temporal: true } });
    expect((await call('GET', '/healthz')).status).toBe(200);
    const answers = await Promise.all([
      call('GET', `/v2/user/${userId}`),
      call('POST', '/v2/user', { client_user_id: 'x' }),
      call('GET', `/v2/timeseries/${userId}/glucose/grouped?start_date=2026-01-01`),
    ]);
    for (const answer of answers) expectAway(answer, 'The database');

    await mongodb.mend();
    await eventually(async () => expect((await call('GET', `/v2/user/${userId}`)).status).toBe(200));
    expect((await call('GET', '/readyz')).status).toBe(200);
  });

  test('a person’s browser gets a page that says so', async () => {
    const { body } = await call('POST', '/v2/link/token', { user_id: await newUser(), redirect_url: APP_URL });
    await mongodb.cut();
    try {
      const callback = `/v2/link/connect/dexcom_v3?code=x&state=${body.link_token}`;
      const answer = await send(url, 'GET', callback, undefined, { accept: 'text/html,*/*;q=0.8' });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      expect(answer.body).toContain('reload this page');
    } finally {
      await mongodb.mend();
    }
  });
});

describe('a server that takes everything and says nothing', () => {
  test('(the database) has requests told to come back, and served again without a restart', async () => {
    const userId = await newUser();
    mongodb.stall();
    try {
      const [ready, healthy, ...answers] = await Promise.all([
        call('GET', '/readyz'),
        call('GET', '/healthz'),
        call('GET', `/v2/user/${userId}`),
        call('POST', '/v2/user', { client_user_id: randomUUID() }),
        call('GET', `/v2/timeseries/${userId}/glucose/grouped?start_date=2026-01-01`),
      ]);
      expect(ready).toMatchObject({ status: 503, body: { mongodb: false, temporal: true } });
      expect(healthy.status).toBe(200);
      for (const answer of answers) expectAway(answer, 'The database');
    } finally {
      mongodb.unstall();
    }
    await eventually(async () => expect((await call('GET', `/v2/user/${userId}`)).status).toBe(200));
    await eventually(async () => expect((await call('GET', '/readyz')).status).toBe(200));
  });

  test('(Temporal) has a wish kept and told as not heard yet, and heard without a restart', async () => {
    const userId = await newUser();
    const connections = new Connections(database.db);
    const { _id } = await connections.ensure(sampleConnection({ teamId, userId }));
    temporal.stall();
    try {
      const [ready, page, pause] = await Promise.all([
        call('GET', '/readyz'),
        call('GET', `/v2/timeseries/${userId}/glucose/grouped?start_date=2026-01-01`),
        call('POST', `/v2/user/${userId}/dexcom_v3/pause`),
      ]);
      expect(ready).toMatchObject({ status: 503, body: { mongodb: true, temporal: false } });
      expect(page.status).toBe(200);
      expectAway(pause, 'Temporal');
      expect((await connections.byId(teamId, _id))?.desired).toBe('paused');
    } finally {
      temporal.unstall();
    }
    await eventually(async () => expect((await call('POST', `/v2/user/${userId}/dexcom_v3/pause`)).status).toBe(200));
  });
});

describe('while Temporal is away', () => {
  test('what needs no workflow is served, a wish is kept and told as not heard yet, and heard without a restart', async () => {
    const [userId, refreshed] = [await newUser(), await newUser()];
    const connections = new Connections(database.db);
    const { _id } = await connections.ensure(sampleConnection({ teamId, userId }));
    await connections.ensure(sampleConnection({ teamId, userId: refreshed }));
    await temporal.cut();

    const [ready, page, refresh, pause] = await Promise.all([
      call('GET', '/readyz'),
      call('GET', `/v2/timeseries/${userId}/glucose/grouped?start_date=2026-01-01`),
      call('POST', `/v2/user/refresh/${refreshed}?timeout=5`),
      call('POST', `/v2/user/${userId}/dexcom_v3/pause`),
    ]);
    expect(ready).toMatchObject({ status: 503, body: { mongodb: true, temporal: false } });
    expect(page.status).toBe(200);
    expectAway(refresh, 'Temporal');
    expect(await database.db.collection('refresh_limits').findOne()).toMatchObject({ takenAt: [] });
    expectAway(pause, 'Temporal');
    expect((await connections.byId(teamId, _id))?.desired).toBe('paused');

    await temporal.mend();
    await eventually(async () => expect((await call('POST', `/v2/user/${userId}/dexcom_v3/pause`)).status).toBe(200));
  });

  test('a person who consents is connected: what is missing is kept for the repair', async () => {
    const { body } = await call('POST', '/v2/link/token', { user_id: await newUser(), provider: 'dexcom_v3', redirect_url: APP_URL });
    const authorizeUrl = (await send(body.link_web_url, 'GET', '', undefined, {})).headers.get('location') ?? '';
    const callback = await simulator.approve(authorizeUrl, simulator.person);
    await temporal.cut();
    try {
      const answer = await send(callback, 'GET', '', undefined, {});
      expect([answer.status, answer.headers.get('location')]).toEqual([307, `${APP_URL}?state=success`]);
      const left = await new LinkConsents(database.db).unfinished(Date.now() + 60_000, 10);
      expect(left.map(({ step }) => step.kind)).toEqual(['consumed']);
    } finally {
      await temporal.mend();
    }
  });
});
