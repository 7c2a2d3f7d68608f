import { completeLinkSession } from '../../src/connect/completeLinkSession';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { keyring } from '../api/apiWorld';
import { pullOnce } from '../sync/syncWorld';
import { type LinkWorld, openLinkWorld, syncDepsOf } from './linkWorld';

const HOUR_MS = 3_600_000;

/** A person connected by the engine's Dexcom app, whose team brings an app of its own: account and record ids are others from then on. */
let world: LinkWorld;
let credentials: DexcomCredentials;

beforeAll(async () => {
  world = await openLinkWorld();
  credentials = new DexcomCredentials(world.db, keyring);
});
afterEach(() => credentials.removeAllOf(world.app.teamId));
afterAll(() => world?.close());

const own = { clientId: 'own-app', clientSecret: 'own-secret' };

async function bringOwnApp(): Promise<void> {
  await world.simulator.control.putApp({ ...own, redirectUris: [`${world.url}/v2/link/connect/dexcom_v3`] });
  await credentials.put(world.app.teamId, 'simulator', { ...own, redirectUri: null });
}

/** A consent given `hoursAgo` and settled now, as after an outage. */
async function consentSettledLate(userId: string, hoursAgo: number, person?: string): Promise<ConnectionDoc> {
  const link = await world.begin(userId);
  const callback = await world.approve(link, person);
  await world.simulator.control.addFault({ endpoints: ['dataRange'], kind: 'status', status: 503 });
  await world.open(callback);
  const { _id } = await world.sessionOf(link);
  const consentedAt = Date.now() - hoursAgo * HOUR_MS;
  await world.db.collection<{ _id: string }>('link_sessions').updateOne({ _id }, { $set: { 'step.consentedAt': consentedAt } });
  await completeLinkSession(world.services, _id);
  const { step } = await world.sessionOf(link);
  const connection = step.kind === 'consumed' && step.connectionId && (await world.services.connections.load(step.connectionId));
  if (!connection) throw new Error('not connected');
  return connection;
}

/** As its workflow would: what is due since it was last read, its history, and once more with a day's overlap. */
async function sync(connection: ConnectionDoc, until = Date.now()): Promise<void> {
  const { coveredUntil, backfill } = connection;
  await pullOnce(syncDepsOf(world), connection, { purpose: 'live', from: coveredUntil, to: until });
  if (backfill.endedAt === null)
    await pullOnce(syncDepsOf(world), connection, { purpose: 'backfill', from: backfill.floor, to: backfill.ceiling });
  await pullOnce(syncDepsOf(world), connection, { purpose: 'live', from: coveredUntil - 24 * HOUR_MS, to: until });
}

/** When the readings were measured that the app was told as new, in the order of telling. */
async function told(userId: string): Promise<string[]> {
  const messages = await world.db.collection('messages').find({ userId, type: 'daily.data.glucose.created' }).toArray();
  return messages.flatMap(({ body }) => JSON.parse(body).data.data.map(({ system_time }: { system_time: string }) => system_time));
}

async function queried(userId: string): Promise<string[]> {
  const { body } = await world.app.call('GET', `/v2/timeseries/${userId}/glucose?start_date=2020-01-01`);
  return body.map(({ system_time }: { system_time: string }) => system_time);
}

test('nothing is told or shown twice, however late the consent to the new app is settled', async () => {
  const userId = await world.app.newUser();
  const old = await consentSettledLate(userId, 12);
  await sync(old);
  const toldByOld = await told(userId);
  expect(toldByOld.length).toBeGreaterThan(100);
  const everything = await queried(userId);

  await bringOwnApp();
  const fresh = await consentSettledLate(userId, 6);
  expect(fresh._id).not.toBe(old._id);
  await sync(fresh);
  expect(await told(userId)).toEqual(toldByOld);
  expect(await queried(userId)).toEqual(everything);
});

test('who comes back to the first app is not told again what the other one had meanwhile', async () => {
  const userId = await world.app.newUser();
  const old = await consentSettledLate(userId, 12);
  await sync(old, Date.now() - 9 * HOUR_MS);
  const toldByOld = await told(userId);

  await bringOwnApp();
  await sync(await consentSettledLate(userId, 6));
  const everything = await queried(userId);
  await credentials.removeAllOf(world.app.teamId);
  const again = await consentSettledLate(userId, 0);
  expect([again._id, again.desired]).toEqual([old._id, 'running']);
  await sync(again);
  expect(await told(userId)).toEqual(toldByOld);
  expect(await queried(userId)).toEqual(everything);
});

test('another account of the same app is news from its consent on', async () => {
  const userId = await world.app.newUser();
  await consentSettledLate(userId, 12, world.people[1]);
  const connection = await consentSettledLate(userId, 6);
  expect(connection.liveFrom).toBe(connection.consentedAt);
  await sync(connection);
  expect((await told(userId)).length).toBeGreaterThan(50);
});

test('a team that refuses duplicates does not recognise a person by another app', async () => {
  const { teamId } = world.app;
  await world.db.collection<{ _id: string }>('teams').updateOne({ _id: teamId }, { $set: { rejectDuplicateConnection: true } });
  const person = 'one-person-two-apps';
  await world.simulator.control.addPerson({ id: person, historyDays: 3 });
  await consentSettledLate(await world.app.newUser(), 1, person);
  await bringOwnApp();
  expect((await consentSettledLate(await world.app.newUser(), 0, person)).desired).toBe('running');
});
