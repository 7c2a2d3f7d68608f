import { randomUUID } from 'node:crypto';
import { workThrough } from '../../src/bulk/workThrough';
import { tokenPlace } from '../../src/storage/grants';
import { sampleConnection } from '../storage/sampleConnection';
import { type Answer, type ApiWorld, type App, keyring, openApiWorld } from './apiWorld';

const SECRETS = { accessToken: 'our-access-token', refreshToken: 'our-refresh-token' };
const BULK = { provider: 'dexcom_v3' };

let world: ApiWorld;
let ours: App;
let theirs: App;
let userId: string;

beforeAll(async () => {
  world = await openApiWorld();
  [ours, theirs] = [await world.newApp(), await world.newApp()];
  userId = await connectedUser(ours);
});
afterAll(() => world?.close());

/** Has tokens, so that there is something to hand over. */
async function connectedUser({ teamId, newUser }: App): Promise<string> {
  const { connections, grants } = world.services;
  const connection = await connections.ensure(sampleConnection({ teamId, userId: await newUser() }));
  await grants.settle({
    _id: connection._id,
    teamId,
    consentId: randomUUID(),
    consentedAt: connection.consentedAt,
    rev: 1,
    accessToken: keyring.seal(SECRETS.accessToken, tokenPlace(connection._id, 'accessToken')),
    refreshToken: keyring.seal(SECRETS.refreshToken, tokenPlace(connection._id, 'refreshToken')),
    accessTokenIssuedAt: connection.consentedAt,
    accessTokenExpiresAt: connection.consentedAt,
    intent: null,
    needsReauth: null,
  });
  return connection.userId;
}

const bulk = ({ call }: App, what: string, body: object): Promise<Answer> =>
  call('POST', `/v2/link/bulk_${what}`, { body: { ...BULK, ...body } });

const listed = async ({ call }: App) => (await call('GET', '/v2/link/bulk_op')).body;

/** What a worker does with all that a team has begun. */
async function work({ teamId }: App): Promise<void> {
  const { services } = world;
  const begun = await services.bulkOperations.page(teamId, null, 50);
  for (const { _id } of begun)
    await workThrough({ connect: services, operations: services.bulkOperations, runs: services.bulkRuns }, _id, true);
}

/** Our user as the database has them. */
const ourState = async () => ({
  connections: await world.services.connections.ofUser(ours.teamId, userId),
  sessions: await world.db.collection('link_sessions').find({ userId }).toArray(),
});

/** Has another team make a bulk call that names our user. */
async function foreign(what: string, body: object): Promise<Answer> {
  const before = await ourState();
  const answer = await bulk(theirs, what, body);
  await work(theirs);
  expect(await ourState()).toEqual(before);
  return answer;
}

test('another team exports none of our tokens, named or page by page; we do', async () => {
  const nothing = { data: [], next_token: null };
  expect((await foreign('export', { user_ids: [userId] })).body).toEqual(nothing);
  expect((await foreign('export', {})).body).toEqual(nothing);
  for (const named of [{ user_ids: [userId] }, {}])
    expect((await bulk(ours, 'export', named)).body).toMatchObject({
      data: [{ user_id: userId, access_token: SECRETS.accessToken, refresh_token: SECRETS.refreshToken }],
    });
});

test('another team has none of our users’ history read again, and imports nothing into them', async () => {
  const recipe = { user_id: userId, access_token: 'a', refresh_token: 'r', provider_id: 'p', expires_at: 1 };
  for (const [what, body] of [
    ['trigger_historical_pull', { user_ids: [userId] }],
    ['import', { connections: [recipe] }],
  ] as const) {
    const { status, body: answer } = await foreign(what, body);
    expect([what, status, answer]).toEqual([what, 202, {}]);
    const [operation] = (await listed(theirs)).data;
    expect(operation).toMatchObject({ type: expect.stringContaining(what.split('_')[0] ?? ''), status: 'failure', processed: 1 });
    expect(operation.user_ids_failed).toEqual([userId]);
  }
});

test('another team sees none of our bulk operations; we do', async () => {
  await bulk(ours, 'trigger_historical_pull', { user_ids: [userId] });
  const stranger = await world.newApp();
  expect(await listed(stranger)).toEqual({ data: [], next_cursor: null });
  expect((await listed(ours)).data).toHaveLength(1);
});

test('another team pauses none of our connections; we do', async () => {
  const { body } = await foreign('pause', { user_ids: [userId] });
  expect(body).toEqual({ user_ids_paused: [], user_ids_failed: [userId] });
  expect((await bulk(ours, 'pause', { user_ids: [userId] })).body).toEqual({ user_ids_paused: [userId], user_ids_failed: [] });
  expect(await world.services.connections.ofUser(ours.teamId, userId)).toMatchObject([{ desired: 'paused' }]);
});

test('a page of no operations cannot be asked for', async () => {
  const { status, body } = await ours.call('GET', '/v2/link/bulk_op?page_size=0');
  expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('page_size')]);
});
