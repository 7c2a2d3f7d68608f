import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { Double, Int32, Long } from 'mongodb';
import type { Fault } from '../../simulator/faults/fault';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type Database, openDatabase } from '../../src/storage/database';
import { erasureWorkflowId } from '../../src/temporal/erasureNames';
import { createUserErasures } from '../../src/temporal/userErasures';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { erasurePolicy } from '../../src/workflows/erasurePolicy';
import { type ConnectedPerson, connectPerson, expectAllStoredOnce, expectConnected, historiesEnded } from '../crash/verdict';
import { eventually } from '../engine/eventually';
import { allReadings, announced } from '../engine/judge';
import { providerOf } from '../engine/provider';
import { runAnew } from '../engine/runAnew';
import { mongodbUri } from '../servers';
import { openTokensWorld, type TokensWorld } from './tokensWorld';

const DAY_MS = 86_400_000;
const STALL_MS = 1_500;
/** From none it takes ten seconds to be so many, from these to be one more. */
const STORED_FAILURES = 4;

/** dexcom-api.md §9, from the first window of a history to the last trace of a person: one engine, a person for each survival. */
describe('a connection', () => {
  let world: TokensWorld;
  let engine: TokensWorld['engine'];
  let temporal: TokensWorld['temporal'];
  let ask: TokensWorld['ask'];
  let somebody: TokensWorld['somebody'];
  let database: Database;

  beforeAll(async () => {
    world = await openTokensWorld({ people: 7, workers: 1 });
    ({ engine, temporal, ask, somebody } = world);
    database = await openDatabase({ uri: mongodbUri(), name: engine.database });
  }, 240_000);
  afterEach(() => engine.simulator.control.clearFaults());
  afterAll(async () => {
    await world?.close();
    await database?.close();
  });

  const client = () => new Client({ connection: temporal });
  const documents = () => database.db.collection<ConnectionDoc>('connections');
  const documentOf = async ({ userId }: ConnectedPerson): Promise<ConnectionDoc> => (await documents().findOne({ userId })) ?? never();
  const calls = async ({ person }: ConnectedPerson) => engine.simulator.control.calls({ personId: person, endpoint: 'egvs' });

  /** For as long as somebody else is polled so often. */
  async function whilePolled({ person }: ConnectedPerson, times = 3): Promise<void> {
    const before = await ask.fetched(person);
    await eventually(async () => expect(await ask.fetched(person)).toBeGreaterThanOrEqual(before + times));
  }

  /** All that is stored, as text. */
  async function everythingStored(): Promise<string> {
    const collections = await database.db.listCollections().toArray();
    const all = await Promise.all(collections.map(({ name }) => database.db.collection(name).find().toArray()));
    return JSON.stringify(all);
  }

  test('survival 34: a history goes on where it was when its worker dies, and live readings do not wait for it', async () => {
    const { control } = engine.simulator;
    await control.addPerson({ id: 'long', historyDays: 130, interval: '3s', delay: '1s' });
    await control.addFault({ kind: 'stall', stallMs: STALL_MS, endpoints: ['egvs'], personId: 'long', times: null });
    const long = await connectPerson(engine, 'long');
    const done = await eventually(async () => {
      const { liveFrom, backfill } = await documentOf(long);
      expect(backfill.doneBackTo).toBeLessThan(liveFrom - 29 * DAY_MS);
      expect(announced(engine.receiver.distinct('daily.data.glucose.created'), long.userId)).not.toEqual([]);
      return { ...backfill, liveFrom };
    });
    expect(done.endedAt).toBeNull();
    for (const worker of engine.workers) await worker.kill();
    await control.clearFaults();
    // What the dead one had asked for is answered by then.
    await sleep(STALL_MS);
    const restartedAt = Date.now();
    for (const worker of engine.workers) worker.start();

    await historiesEnded(engine, [...world.people, long]);
    await expectAllStoredOnce(engine, long);
    const later = (await calls(long)).flatMap(({ at, served }) => (at > restartedAt && served ? [served] : []));
    const again = later.filter(({ from }) => from >= done.doneBackTo && from < done.liveFrom - DAY_MS);
    expect(again).toEqual([]);
    expect(later.filter(({ from }) => from < done.doneBackTo)).not.toEqual([]);
  }, 240_000);

  test.concurrent('survival 35: a connection whose workflow is gone has one again, unasked', async () => {
    const { userId, person } = somebody(0);
    const { connection_id: connectionId } = await providerOf(engine, userId);
    await client().workflow.getHandle(connectionWorkflowId(connectionId)).terminate('lost by a test');
    const fetched = await ask.fetched(person);
    await eventually(async () => expect(await ask.fetched(person)).toBeGreaterThan(fetched + 1), { withinMs: 120_000 });
    await expectConnected(engine, somebody(0));
  });

  test.concurrent('survival 36: failures are counted on whichever number they are in the database, and back to none', async () => {
    const forms = [new Int32(STORED_FAILURES), Long.fromNumber(STORED_FAILURES), new Double(STORED_FAILURES)];
    const failing = forms.map((form, n) => ({ form, connected: somebody([4, 5, 6][n] ?? 0) }));
    const faults = await Promise.all(failing.map(({ connected }) => failingFetches(connected)));
    await Promise.all(
      failing.map(({ form, connected: { userId } }) => runAnew({ engine, temporal }, userId, {}, (_id) => setFailures(_id, form))),
    );
    for (const { connected } of failing) {
      await eventually(async () => expect((await documentOf(connected)).failures).not.toBe(STORED_FAILURES));
      expect((await documentOf(connected)).failures).toBeGreaterThan(STORED_FAILURES);
    }
    for (const { id } of faults) await engine.simulator.control.clearFault(id);
    for (const { connected } of failing)
      await eventually(async () => expect((await documentOf(connected)).failures).toBe(0), { withinMs: 120_000 });
  });

  /** Once a failure has been counted. */
  async function failingFetches(connected: ConnectedPerson): Promise<Fault> {
    const personId = connected.person;
    const fault = await engine.simulator.control.addFault({ kind: 'status', status: 503, endpoints: ['egvs'], personId, times: null });
    await eventually(async () => expect((await documentOf(connected)).failures).toBeGreaterThan(0));
    return fault;
  }

  const setFailures = (_id: string, failures: Int32 | Long | Double) =>
    database.db.collection<{ _id: string }>('connections').updateOne({ _id }, { $set: { failures } });

  test.concurrent('survival 38: who withdraws is not polled any more, keeps what there is, and is told of once', async () => {
    const revoked = somebody(1);
    await engine.simulator.control.revoke({ personId: revoked.person });
    const stored = (await allReadings(engine, revoked.userId)).length;
    await eventually(() => expect(ask.errorsTold(revoked)).toHaveLength(1));
    const before = (await calls(revoked)).length;
    await whilePolled(somebody(3), 4);
    expect(await calls(revoked)).toHaveLength(before);
    expect((await allReadings(engine, revoked.userId)).length).toBeGreaterThanOrEqual(stored);
    expect(ask.errorsTold(revoked)).toHaveLength(1);
  });

  test.concurrent('survival 39: disconnecting drops the tokens at once, deleting leaves no trace once its grace is over', async () => {
    const leaving = somebody(2);
    const { userId } = leaving;
    const { _id: connectionId } = await documentOf(leaving);
    await engine.call('DELETE', `/v2/user/${userId}/dexcom_v3`);
    await eventually(async () => {
      const grant = await database.db.collection<{ _id: string }>('grants').findOne({ _id: connectionId });
      expect(grant).not.toHaveProperty('refreshToken');
      expect(grant).not.toHaveProperty('accessToken');
    });
    const before = (await calls(leaving)).length;
    await whilePolled(somebody(3));
    expect(await calls(leaving)).toHaveLength(before);

    await engine.call('DELETE', `/v2/user/${userId}`);
    expect(await everythingStored()).toContain(connectionId);
    // Seven days are not for a test.
    await client().workflow.getHandle(erasureWorkflowId(userId)).terminate('begun anew by a test');
    await database.db.collection<{ _id: string }>('users').updateOne({ _id: userId }, { $set: { 'deletion.eraseAt': Date.now() } });
    await createUserErasures(client(), { queuePrefix: engine.queuePrefix, policy: erasurePolicy }).ensureRunning({
      teamId: engine.teamId,
      userId,
    });
    await eventually(async () => {
      const left = await everythingStored();
      expect([left.includes(connectionId), left.includes(userId)]).toEqual([false, false]);
    });
  });

  test('survival 40: tokens and secrets are sealed where they are stored, and stand nowhere else', async () => {
    const { person, userId } = somebody(3);
    await ask.refuse(person);
    await eventually(async () => expect(await ask.rotations(person)).not.toEqual([]));
    const rotations = await engine.simulator.control.rotations();
    const secrets = [
      ...rotations.flatMap(({ spent, successor }) => [spent, successor.accessToken, successor.refreshToken]),
      engine.simulator.clientSecret,
      engine.apiKey,
      engine.webhookSecret,
    ];
    const { connection_id: connectionId } = await providerOf(engine, userId);
    const { events } = await client().workflow.getHandle(connectionWorkflowId(connectionId)).fetchHistory();
    const places = {
      database: await everythingStored(),
      webhooks: JSON.stringify(engine.receiver.arrivals),
      logs: readdirSync(engine.logFolder)
        .map((file) => readFileSync(join(engine.logFolder, file), 'utf8'))
        .join('\n'),
      history: JSON.stringify(events, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value)),
    };
    for (const [place, text] of Object.entries(places)) {
      expect([place, text.length > 1_000]).toEqual([place, true]);
      expect([place, secrets.filter((secret) => text.includes(secret))]).toEqual([place, []]);
    }
  });
});

function never(): never {
  throw new Error('missing');
}
