import { createKey } from '../../src/admin/createKey';
import { type Database, IMPATIENT, openDatabase } from '../../src/storage/database';
import { eventually } from '../engine/eventually';
import { mongodbUri, temporalAddress } from '../servers';
import { TcpProxy } from '../tcpProxy';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';
import { operationsOf } from './contractOf';
import { everyRoute } from './everyRoute';
import { newLinkToken, type PlacedCall, placed } from './placed';

let mongodb: TcpProxy;
let temporal: TcpProxy;
let throughProxy: Database;
let world: ApiWorld;
let app: App;

beforeAll(async () => {
  mongodb = await TcpProxy.to(new URL(mongodbUri()).host);
  temporal = await TcpProxy.to(temporalAddress());
  throughProxy = await openDatabase({ uri: `mongodb://${mongodb.address}/?directConnection=true`, name: 'unused', ...IMPATIENT });
  world = await openApiWorld({ over: (db) => throughProxy.client.db(db.databaseName), temporalAddress: temporal.address });
  app = await world.newApp();
});
afterAll(async () => {
  await world?.close();
  await throughProxy?.close();
  await Promise.all([mongodb?.cut(), temporal?.cut()]);
});

/** Everything there is, each ready to be called with the key that opens it. */
async function everyCall(): Promise<readonly (() => Promise<readonly [string, Answer]>)[]> {
  const { key: management } = await createKey(world.services, { management: true, org: app.orgId, label: '' });
  const link = await newLinkToken(world.services, app);
  const headers = { 'x-vital-api-key': app.apiKey, 'x-management-key': management, 'x-vital-link-token': link };
  const ready: [string, PlacedCall][] = [];
  for (const { name } of await operationsOf(world)) if (name in everyRoute) ready.push([name, await placed(world.services, app, name)]);
  return ready.map(
    ([name, { method, path, body }]) =>
      async () =>
        [name, await send(world.url, method, path, body, headers)] as const,
  );
}

const isAway = ({ status, headers, body }: Answer): boolean =>
  status === 503 && Number(headers.get('retry-after')) > 0 && typeof body.detail === 'string';

test('while the database is away every route says so and when to come back; afterwards every route works, without a restart', async () => {
  const calls = await everyCall();
  await mongodb.cut();
  world.services.recentKeys.forget();
  const answers = await Promise.all(calls.map((call) => call())).finally(() => mongodb.mend());
  expect(answers.length).toBeGreaterThan(30);
  expect(answers.filter(([, answer]) => !isAway(answer)).map(([name, { status, body }]) => [name, status, body])).toEqual([]);

  await eventually(async () => expect((await app.call('GET', '/v2/user')).status).toBe(200));
  await expectAllServed();
});

test('while Temporal is away what needs it says so, and all else works; afterwards every route works, without a restart', async () => {
  const calls = await everyCall();
  await temporal.cut();
  const answers = await Promise.all(calls.map((call) => call())).finally(() => temporal.mend());
  const failed = answers.filter(([name, answer]) => answer.status >= 400 && !isAway(answer) && !everyRoute[name]?.notOffered);
  expect(failed.map(([name, { status, body }]) => [name, status, body])).toEqual([]);
  const away = answers.filter(([, answer]) => isAway(answer)).map(([name]) => name);
  const needing = Object.keys(everyRoute).filter((name) => everyRoute[name]?.needsTemporal);
  expect(away.sort()).toEqual(needing.sort());

  await eventually(async () => {
    const { path } = await placed(world.services, app, PAUSE);
    expect((await app.call('POST', path)).status).toBe(200);
  });
  await expectAllServed();
});

/** No wish needs more than Temporal's ear. */
const PAUSE = 'POST /v2/user/{user_id}/{provider}/pause';

async function expectAllServed(): Promise<void> {
  const answers = await Promise.all((await everyCall()).map((call) => call()));
  const failed = answers.filter(([name, { status }]) => status >= 400 && !everyRoute[name]?.notOffered);
  expect(failed.map(([name, { status, body }]) => [name, status, body])).toEqual([]);
}
