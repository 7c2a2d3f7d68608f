import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { createErasureActivities } from '../../src/activities/erasure';
import { createLog } from '../../src/log';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import { settleUsers } from '../../src/reconcile/settleUsers';
import { AccountClaims, accountClaimId } from '../../src/storage/accountClaims';
import { Attempts } from '../../src/storage/attempts';
import type { BulkOperationDoc } from '../../src/storage/bulkOperations';
import { Connections } from '../../src/storage/connections';
import { Deliveries } from '../../src/storage/deliveries';
import { Devices } from '../../src/storage/devices';
import { dayId } from '../../src/storage/glucoseDays';
import { type GrantDoc, Grants, tokenPlace } from '../../src/storage/grants';
import { Messages } from '../../src/storage/messages';
import { Quarantine } from '../../src/storage/quarantine';
import { UserClaims } from '../../src/storage/userClaims';
import { Users } from '../../src/storage/users';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { erasureWorkflowId } from '../../src/temporal/erasureNames';
import { createUserErasures } from '../../src/temporal/userErasures';
import { eraseUser } from '../../src/users/eraseUser';
import { createErasureDeps, type ErasureDeps } from '../../src/users/erasureDeps';
import { type ApiWorld, type App, keyring, openApiWorld } from '../api/apiWorld';
import { PHONE, readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { gatedDb } from '../sync/gatedDb';
import { atEveryStep } from '../sync/strikes';
import { aMessage, anEndpoint } from '../webhooks/samples';
import { quick } from '../workflows/script';
import { openStage, type Stage, until } from '../workflows/stage';

const AT = Date.parse('2026-01-01T00:00:00Z');

let stage: Stage;
let world: ApiWorld;
let app: App;

beforeAll(async () => {
  stage = await openStage();
  const options = { queuePrefix: stage.prefix, policy: { lookAgainMs: 1_500 } };
  world = await openApiWorld({
    workflows: createConnectionWorkflows(stage.client, { queuePrefix: stage.prefix, policy: quick }),
    change: () => ({ erasures: createUserErasures(stage.client, options), deletionGraceMs: 1 }),
  });
  app = await world.newApp();
});
afterAll(async () => {
  await Promise.all([stage?.close(), world?.close()]);
});

interface Person {
  readonly userId: string;
  readonly clientUserId: string;
  readonly connectionId: string;
}

/** Under way, and about somebody else too. */
const bulkOf = (userId: string): Omit<BulkOperationDoc, '_id'> => ({
  teamId: app.teamId,
  type: 'link_bulk_import',
  startedAt: AT,
  endedAt: null,
  items: [
    { userId: 'another', sessionId: null, result: null },
    { userId, sessionId: randomUUID(), result: null },
    { userId, sessionId: null, result: 'failed' },
  ],
});

/** Somebody of whom there is something in every collection. */
async function known(): Promise<Person> {
  const { services, db } = world;
  const { teamId } = app;
  const clientUserId = `name-${randomUUID()}`;
  const userId = await app.newUser(clientUserId);
  await app.call('POST', '/v2/link/token', { body: { user_id: userId, provider: 'dexcom_v3' } });
  const connection = await services.connections.ensure(sampleConnection({ teamId, userId, clientUserId, dexcomUserId: randomUUID() }));
  const { _id: connectionId, consentedAt, dexcomUserId } = connection;
  // From before a grant said whose it is.
  await services.grants.settle(grantOf(connectionId, consentedAt));
  await allowWithoutConnection({ userId });
  const claimId = accountClaimId(teamId, 'dexcom_v3', dexcomUserId);
  await new AccountClaims(db).insert({ _id: claimId, teamId, userId, connectionId, consentId: randomUUID(), sessionId: randomUUID() });
  await writeDay({ userId, connectionId });
  await new Quarantine(db).keep({ teamId, connectionId, recordType: 'egv', seenAt: AT }, [{ reason: 'odd', raw: '{}' }]);
  await new Devices(db).note(connection, [PHONE], AT);
  await services.refreshLimits.take(teamId, userId, AT);
  const { _id: endpointId } = await hearsOnlyOf(userId);
  const message = aMessage({ teamId, userId, connectionId, targets: [endpointId] });
  await new Messages(db).insert(message);
  await services.bulkOperations.insert({ ...bulkOf(userId), _id: randomUUID() });
  await new Deliveries(db).leavePending({ teamId, endpointId, messageId: message._id, createdAt: AT }, null);
  await new Attempts(db).insert({
    ...{ teamId, endpointId, messageId: message._id, at: AT, outcome: 'failed', status: 500, error: 'HTTP 500' },
    ...{ latencyMs: 3, excerpt: 'no', nextAttemptAt: null },
  });
  await new Messages(db).sequences.take(teamId, connectionId, 1);
  await services.webhooks.replays.insert({
    ...{
      _id: randomUUID(),
      teamId,
      endpointId,
      wish: { kind: 'replay', userId, types: null, from: 0, to: AT },
      startedAt: AT,
      endedAt: AT,
    },
    ...{ outcome: 'done', after: { at: AT, _id: message._id }, lookedAt: 1, queued: 1, waiting: 0 },
  });
  return { userId, clientUserId, connectionId };
}

/** An endpoint whose filter names them. */
async function hearsOnlyOf(userId: string): Promise<WebhookEndpointDoc> {
  const endpoint = anEndpoint({ teamId: app.teamId, userIds: [userId] });
  await world.services.webhooks.endpoints.insert(endpoint);
  return endpoint;
}

const grantOf = (_id: string, consentedAt: number): GrantDoc => ({
  _id,
  teamId: app.teamId,
  consentId: randomUUID(),
  consentedAt,
  rev: 1,
  accessToken: keyring.seal('a', tokenPlace(_id, 'accessToken')),
  refreshToken: keyring.seal('r', tokenPlace(_id, 'refreshToken')),
  accessTokenIssuedAt: consentedAt,
  accessTokenExpiresAt: consentedAt,
  intent: null,
  needsReauth: null,
});

/** What a consent leaves whose process died before it wrote the connection. */
async function allowWithoutConnection({ userId }: Pick<Person, 'userId'>): Promise<void> {
  const { teamId } = app;
  const [connectionId, consentId, sessionId] = [randomUUID(), randomUUID(), randomUUID()];
  const claimId = accountClaimId(teamId, 'dexcom_v3', randomUUID());
  await new AccountClaims(world.db).insert({ _id: claimId, teamId, userId, connectionId, consentId, sessionId });
  await world.services.grants.settle({ ...grantOf(connectionId, AT), userId });
}

async function writeDay({ userId, connectionId }: Pick<Person, 'userId' | 'connectionId'>): Promise<void> {
  const day = { _id: dayId(connectionId, AT), teamId: app.teamId, userId, connectionId, version: 1, pullSeq: 1, unpublished: true };
  await world.services.glucoseDays.write({ ...day, readings: [readingAt(AT, {})] });
}

/** The collections in which something of this person is found. */
async function tracesOf({ userId, clientUserId, connectionId }: Person): Promise<string[]> {
  const messages = await world.db.collection('messages').distinct('_id', { userId });
  const names = [userId, clientUserId, connectionId, ...messages.map(String)];
  const found = new Set<string>();
  for (const { name } of await world.db.listCollections().toArray())
    for (const doc of await world.db.collection(name).find().toArray())
      if (names.some((one) => JSON.stringify(doc).includes(one))) found.add(name);
  return [...found].sort();
}

const EVERYWHERE = [
  'account_claims',
  'attempts',
  'bulk_operations',
  'connections',
  'deliveries',
  'devices',
  'glucose_days',
  'grants',
  'link_sessions',
  'message_sequences',
  'messages',
  'quarantine',
  'refresh_limits',
  'replays',
  'user_claims',
  'users',
  'webhook_endpoints',
];

const depsOver = (db: Db): ErasureDeps =>
  createErasureDeps(db, {
    users: new Users(db),
    userClaims: new UserClaims(db),
    connections: new Connections(db),
    grants: new Grants(db),
    workflows: world.services.workflows,
  });

const erase = (db: Db, { userId }: Person): Promise<boolean> =>
  eraseUser(depsOver(db), { teamId: app.teamId, userId }, new AbortController().signal);

const remove = ({ userId }: Person) => app.call('DELETE', `/v2/user/${userId}`);

test('erasing, killed between any two of its steps and tried again, leaves nothing of the person in any collection, and of others all', async () => {
  const other = await known();
  const steps = await atEveryStep(async (step) => {
    const person = await known();
    expect(await tracesOf(person)).toEqual(EVERYWHERE);
    await remove(person);

    const dying = gatedDb(world.db, async (operation) => {
      if (operation >= step) throw new Error('this process is dead');
    });
    const died = await erase(dying, person).then(
      () => false,
      () => true,
    );
    expect(await erase(world.db, person)).toBe(true);
    expect(await tracesOf(person)).toEqual([]);
    return died;
  });
  expect(steps).toBeGreaterThanOrEqual(15);
  expect(await tracesOf(other)).toEqual(EVERYWHERE);
});

test('nobody who is back, or was never deleted, is erased', async () => {
  const person = await known();
  expect(await erase(world.db, person)).toBe(false);
  await remove(person);
  await app.call('POST', `/v2/user/undo_delete?user_id=${person.userId}`);
  expect(await erase(world.db, person)).toBe(false);
  expect(await tracesOf(person)).toEqual(EVERYWHERE);
});

test('a user whose id was taken over is erased without their successor', async () => {
  const person = await known();
  await remove(person);
  const successor = await app.newUser(person.clientUserId);
  await erase(world.db, person);
  expect(await tracesOf({ ...person, clientUserId: person.userId })).toEqual([]);
  expect((await app.call('GET', `/v2/user/resolve/${person.clientUserId}`)).body.user_id).toBe(successor);
});

test('a bulk operation loses who was erased, and keeps the place and the result of everybody', async () => {
  const { bulkOperations } = world.services;
  const person = await known();
  const _id = randomUUID();
  await bulkOperations.insert({ ...bulkOf(person.userId), _id });
  await remove(person);
  await erase(world.db, person);
  await bulkOperations.keepResults(_id, new Map([[0, 'done']]));
  expect((await bulkOperations.load(_id))?.items).toEqual([
    { userId: 'another', sessionId: null, result: 'done' },
    { userId: null, sessionId: null, result: null },
    { userId: null, sessionId: null, result: 'failed' },
  ]);
});

describe('with a worker', () => {
  const during = (work: () => Promise<void>): Promise<void> =>
    stage.play(createErasureActivities(depsOver(world.db), createLog({ level: 'fatal', name: 'test' })), work, ['sync']);
  const result = ({ userId }: Person) => stage.client.workflow.getHandle(erasureWorkflowId(userId)).result();

  test('a deleted user is erased once the grace is over, and so is what somebody who had slept wrote later', async () => {
    await during(async () => {
      const person = await known();
      await remove(person);
      await until('the user to be erased', async () => (await tracesOf(person)).length === 0);
      await writeDay(person);
      await allowWithoutConnection(person);
      expect(await tracesOf(person)).toEqual(['account_claims', 'glucose_days', 'grants']);
      expect(await result(person)).toBe('erased');
      expect(await tracesOf(person)).toEqual([]);
    });
  });

  test('a workflow that was terminated is started by the repair, and erases', async () => {
    const person = await known();
    await remove(person);
    await stage.client.workflow.getHandle(erasureWorkflowId(person.userId)).terminate();
    await settleUsers({ people: world.services, policy: { ...reconcilePolicyFor(1_000), unsettledMs: 0 } });
    await during(async () => {
      expect(await result(person)).toBe('erased');
    });
    expect(await tracesOf(person)).toEqual([]);
  });
});
