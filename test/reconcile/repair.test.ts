import { randomUUID } from 'node:crypto';
import { createReconcileActivities, type ReconcileActivities } from '../../src/activities/reconcile';
import { createSyncActivities } from '../../src/activities/sync';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { createLog } from '../../src/log';
import type { ReconcileDeps } from '../../src/reconcile/deps';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import { restartOverdue } from '../../src/reconcile/restartOverdue';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { Deliveries } from '../../src/storage/deliveries';
import { DueConnections } from '../../src/storage/dueConnections';
import { dayId } from '../../src/storage/glucoseDays';
import { Grants } from '../../src/storage/grants';
import { createBacklogs } from '../../src/temporal/backlogs';
import { bulkWorkflowId } from '../../src/temporal/bulkNames';
import type { ConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import type { SyncPhase } from '../../src/temporal/searchAttributes';
import { createEgress } from '../../src/webhooks/egress/egress';
import { createInFlight, POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import { createSender } from '../../src/webhooks/sender';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import { keyring } from '../api/apiWorld';
import { type LinkWorld, openLinkWorld, syncDepsOf } from '../connect/linkWorld';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { gatedDb } from '../sync/gatedDb';
import { grantFor } from '../sync/syncWorld';
import { quick } from '../workflows/script';
import { openStage, type Stage, until } from '../workflows/stage';

const log = createLog({ level: 'fatal', name: 'test' });
const policy = { ...reconcilePolicyFor(1_000), unsettledMs: 0, overdueMs: 0, undispatchedMs: 0, pageSize: 10 };

/** Everything a worker has, over an API's database, and people of a simulated Dexcom; the repair is asked for by the test. */
describe('the scheduled repair', () => {
  let stage: Stage;
  let world: LinkWorld;
  let deps: ReconcileDeps & Parameters<typeof createSyncActivities>[0];
  let repair: ReconcileActivities;
  /** Whether a callback gets as far as its workflow. */
  let dies = false;

  beforeAll(async () => {
    stage = await openStage();
    const workflows = stage.workflows(quick);
    const ensureRunning: ConnectionWorkflows['ensureRunning'] = async (connection) => {
      if (dies) throw new Error('this process is dead');
      return workflows.ensureRunning(connection);
    };
    world = await openLinkWorld({ workflows: { ...workflows, ensureRunning } });
    const { db, services } = world;
    deps = {
      ...syncDepsOf(world),
      due: new DueConnections(db),
      deliveries: new Deliveries(db),
      sender: createSender({ keyring, egress: createEgress([]) }),
      inFlight: createInFlight(POSTS_IN_FLIGHT),
      backlogs: createBacklogs(stage.client, { queuePrefix: stage.prefix, policy: backlogPolicy }),
      workflows,
      connect: services,
      people: services,
      bulk: { connect: services, operations: services.bulkOperations, runs: services.bulkRuns },
      policy,
      log,
    };
    repair = createReconcileActivities(deps);
  });
  afterAll(async () => {
    await Promise.all([stage?.close(), world?.close()]);
  });

  const activities = () => ({ ...createSyncActivities(deps, log), ...createWebhookActivities(deps, log) });

  async function connect(person: 0 | 1) {
    const userId = await world.app.newUser(randomUUID());
    await world.connect(userId, world.people[person]);
    const [connection] = await deps.connections.ofUser(world.app.teamId, userId);
    if (!connection) throw new Error('no connection');
    return connection;
  }

  /** With a grant, as every connection has one. */
  async function stored(connection: ConnectionDoc): Promise<void> {
    const now = Date.now();
    const tokens = { accessToken: 'a', refreshToken: 'r', issuedAt: now, expiresAt: now + 3_600_000 };
    await deps.grants.settle(grantFor(connection, tokens));
    await deps.connections.ensure(connection);
  }

  const polled = async (connectionId: string, since: number) => ((await deps.connections.load(connectionId))?.lastPollAt ?? 0) > since;

  test('starts a terminated workflow again and leaves running ones alone', async () => {
    await stage.play(activities(), async () => {
      const [one, other] = [await connect(0), await connect(1)];
      for (const { _id } of [one, other]) await until('a poll', () => polled(_id, 0));
      await stage.handle(one._id).terminate();
      const { runId } = await stage.handle(other._id).describe();

      await until('it is overdue', async () => ((await deps.connections.load(one._id))?.nextPollAt ?? Infinity) < Date.now());
      expect(await repair.restartOverdue()).toBe(1);
      const since = Date.now();
      await until('polls', () => polled(one._id, since));
      expect((await stage.handle(other._id).describe()).raw.workflowExecutionInfo?.firstRunId).toBe(runId);

      for (const { _id } of [one, other]) await stage.workflows(quick).tell(_id, 'disconnect');
      for (const { _id } of [one, other]) await stage.handle(_id).terminate();
      for (const { teamId, _id } of [one, other]) await deps.connections.setDesired(teamId, _id, 'disconnected');
    });
  });

  test('passes over none of many that are overdue since the same instant', async () => {
    const many = Array.from({ length: 25 }, () => sampleConnection({ nextPollAt: 1_000 }));
    for (const connection of many) await stored(connection);
    expect(await repair.restartOverdue()).toBe(many.length);
    expect(await repair.restartOverdue()).toBe(0);
    for (const { _id, teamId } of many) {
      expect(await deps.workflows.isRunning(_id)).toBe(true);
      await stage.handle(_id).terminate();
      await deps.connections.setDesired(teamId, _id, 'disconnected');
    }
  });

  test('completes a consent whose callback died before its workflow', async () => {
    const userId = await world.app.newUser(randomUUID());
    dies = true;
    const link = await world.begin(userId);
    await world.open(await world.approve(link, world.people[0]));
    dies = false;
    expect((await world.sessionOf(link)).step).toMatchObject({ kind: 'consumed', connectionId: null });

    expect(await repair.settleLinkSessions()).toBe(1);
    const [connection] = await deps.connections.ofUser(world.app.teamId, userId);
    expect((await world.sessionOf(link)).step).toMatchObject({ tokens: null, connectionId: connection?._id });
    expect(await deps.workflows.isRunning(connection?._id ?? '')).toBe(true);
    expect(await repair.settleLinkSessions()).toBe(0);
    await stage.handle(connection?._id ?? '').terminate();
  });

  test('consents that cannot be settled, more than a page and all of one instant, starve none behind them', async () => {
    const abandoned = async () => {
      const userId = await world.app.newUser(randomUUID());
      const link = await world.begin(userId);
      await world.open(await world.approve(link, world.people[0]));
      return { userId, link, sessionId: (await world.sessionOf(link))._id };
    };
    dies = true;
    const stuck = [await abandoned(), await abandoned(), await abandoned(), await abandoned(), await abandoned()];
    const behind = await abandoned();
    dies = false;
    const sessions = world.db.collection<{ _id: string }>('link_sessions');
    await sessions.updateMany({ _id: { $in: stuck.map(({ sessionId }) => sessionId) } }, { $set: { 'step.consentedAt': 1_000 } });

    const tried: string[] = [];
    const ensureRunning: ConnectionWorkflows['ensureRunning'] = async (connection) => {
      tried.push(connection.userId);
      if (stuck.some(({ userId }) => userId === connection.userId)) throw new Error('not this one');
      return deps.workflows.ensureRunning(connection);
    };
    const connect = { ...deps.connect, workflows: { ...deps.workflows, ensureRunning } };
    const hindered = createReconcileActivities({ ...deps, connect, policy: { ...policy, pageSize: 2 } });
    await expect(hindered.settleLinkSessions()).rejects.toThrow('see the log');
    expect(tried.toSorted()).toEqual([...stuck, behind].map(({ userId }) => userId).toSorted());
    expect(await world.sessionOf(behind.link)).toMatchObject({ unfinished: false, step: { tokens: null } });

    expect(await repair.settleLinkSessions()).toBe(stuck.length);
    for (const { userId } of [...stuck, behind]) {
      const [connection] = await deps.connections.ofUser(world.app.teamId, userId);
      await stage.handle(connection?._id ?? '').terminate();
      await deps.connections.setDesired(world.app.teamId, connection?._id ?? '', 'disconnected');
    }
  });

  test('publishes what a dead pull left where nobody polls, under the ids it would have had', async () => {
    const messages = world.db.collection<{ _id: string }>('messages');
    const daily = { type: 'daily.data.glucose.created' };
    await stage.play(activities(), async () => {
      const { _id } = await connect(1);
      await until('a poll', () => polled(_id, 0));
      await world.simulator.control.addReading(world.people[1], { measuredAt: Date.now(), mgPerDl: 123 });
      await until('news', () => messages.findOne({ connectionId: _id, ...daily }));
      await stage.handle(_id).signal('pause');
      await until('the pause', async () => (await deps.connections.load(_id))?.desired === 'paused');

      const told = (await messages.find({ connectionId: _id, ...daily }).toArray()).map((message) => message._id);
      await messages.deleteMany({ connectionId: _id });
      await world.db.collection('glucose_days').updateMany({ connectionId: _id }, { $set: { unpublished: true } });

      expect(await repair.publishLeft()).toBe(1);
      const again = (await messages.find({ connectionId: _id, ...daily }).toArray()).map((message) => message._id);
      expect(told).toEqual(expect.arrayContaining(again));
      expect(again.length).toBeGreaterThan(0);
      expect(await repair.publishLeft()).toBe(0);
    });
  });

  test('publishes what was left where a workflow runs that will not poll', async () => {
    await stage.play(activities(), async () => {
      const { _id, teamId, userId } = await connect(0);
      await until('a poll', () => polled(_id, 0));
      await until('the mark', async () => {
        const latest = await deps.grants.read(teamId, _id);
        return latest !== null && deps.grants.markNeedsReauth(latest, 'revoked', Date.now());
      });
      await deps.workflows.ensureRunning({ connectionId: _id, teamId, userId });
      await until('the loop knows', async () => (await deps.connections.load(_id))?.lastError?.type === 'revoked');

      await world.db.collection('glucose_days').updateMany({ connectionId: _id }, { $set: { unpublished: true } });
      expect((await deps.glucoseDays.unpublishedOf({ _id, teamId })).length).toBeGreaterThan(0);
      expect(await deps.workflows.isRunning(_id)).toBe(true);
      expect(await repair.publishLeft()).toBe(1);
      expect(await deps.glucoseDays.unpublishedOf({ _id, teamId })).toEqual([]);
    });
  });

  test('publishes for everybody, however many pages of news there are', async () => {
    const many = Array.from({ length: 25 }, () => sampleConnection({ desired: 'paused' }));
    for (const [n, connection] of many.entries()) {
      await deps.connections.ensure(connection);
      const { _id: connectionId, teamId, userId } = connection;
      // The first has more of it than a page holds.
      for (let day = 0; day < (n === 0 ? 12 : 1); day++) {
        const at = Date.UTC(2026, 0, 1 + day);
        const news = { _id: dayId(connectionId, at), teamId, userId, connectionId, version: 1, pullSeq: 1, unpublished: true };
        await deps.glucoseDays.write({ ...news, readings: [readingAt(at, {})] });
      }
    }
    expect(await repair.publishLeft()).toBe(many.length);
    expect(await repair.publishLeft()).toBe(0);
  });

  test('a bulk operation whose caller died before its workflow began is begun, once', async () => {
    const bulk = { _id: randomUUID(), teamId: world.app.teamId, type: 'link_bulk_import', startedAt: 1, endedAt: null, items: [] } as const;
    await deps.bulk.operations.insert(bulk);
    await repair.restartOverdue();
    const { status } = await stage.client.workflow.getHandle(bulkWorkflowId(bulk._id)).describe();
    expect(status.name).toBe('RUNNING');
    expect(await deps.bulk.runs.ensureRunning({ operationId: bulk._id, teamId: bulk.teamId })).toBe(false);
    await deps.bulk.operations.end(bulk._id, Date.now());
    expect(await deps.bulk.operations.unended(Date.now(), 10)).toEqual([]);
  });

  test('forgets link sessions only when they are long over', async () => {
    const userId = await world.app.newUser(randomUUID());
    await world.begin(userId);
    expect(await repair.purgeExpired()).toBe(0);
    const later = createReconcileActivities({ ...deps, policy: { ...policy, keepLinkSessionsMs: -86_400_000 } });
    expect(await later.purgeExpired()).toBeGreaterThan(0);
  });

  test('forgets bulk operations only when they are long over, and none that is under way', async () => {
    const { operations } = deps.bulk;
    const DAY_MS = 86_400_000;
    const bulk = { teamId: randomUUID(), type: 'link_bulk_import', startedAt: 1, items: [] } as const;
    await operations.insert({ ...bulk, _id: `${bulk.teamId}-under way`, endedAt: null });
    await operations.insert({ ...bulk, _id: `${bulk.teamId}-old`, endedAt: Date.now() - 8 * DAY_MS });
    await operations.insert({ ...bulk, _id: `${bulk.teamId}-recent`, endedAt: Date.now() - 6 * DAY_MS });
    expect(await repair.purgeExpired()).toBe(1);
    const left = await operations.page(bulk.teamId, null, 10);
    expect(left.map(({ _id }) => _id.slice(bulk.teamId.length + 1)).sort()).toEqual(['recent', 'under way']);
    await operations.removeAllOf(bulk.teamId);
  });

  test('what cannot be repaired is not in the others’ way', async () => {
    const broken = Array.from({ length: 5 }, () => sampleConnection({ nextPollAt: 2_000 }));
    const others = Array.from({ length: 5 }, () => sampleConnection({ nextPollAt: 3_000 }));
    for (const connection of [...broken, ...others]) await stored(connection);
    const ensureRunning: ConnectionWorkflows['ensureRunning'] = async (connection) => {
      if (broken.some(({ _id }) => _id === connection.connectionId)) throw new Error('not this one');
      return deps.workflows.ensureRunning(connection);
    };
    const workflows = { ...deps.workflows, ensureRunning };
    const hindered = createReconcileActivities({ ...deps, workflows, policy: { ...policy, pageSize: 2 } });
    await expect(hindered.restartOverdue()).rejects.toThrow('see the log');
    for (const { _id } of others) expect(await deps.workflows.isRunning(_id)).toBe(true);
    for (const { _id } of others) await stage.handle(_id).terminate();
  });

  describe('where document, grant and workflow disagree', () => {
    const isOverdue = (id: string) =>
      until('it is overdue', async () => ((await deps.connections.load(id))?.nextPollAt ?? Infinity) < Date.now());
    const collection = () => world.db.collection<{ _id: string }>('connections');
    const now = (connectionId: string) => deps.connections.load(connectionId);
    const phaseIs = (connectionId: string, phase: SyncPhase | null) =>
      until(`phase ${phase}`, async () => (await deps.workflows.phaseOf(connectionId)) === phase);

    // Rounds start what is overdue, longest first: what other tests have left would be in the way.
    beforeAll(async () => {
      await collection().deleteMany({});
    });

    /** Rounds have pages. */
    const ends = (connectionId: string) =>
      until('its end', async () => {
        await repair.endIngestion();
        const flagged = (await now(connectionId))?.tokensLeft;
        return !flagged && (await deps.workflows.phaseOf(connectionId)) === null;
      });

    /** Connected, polled, then broken by hand. */
    async function broken(during: (connection: ConnectionDoc) => Promise<void>): Promise<void> {
      await stage.play(activities(), async () => {
        const connection = await connect(0);
        await until('a poll', () => polled(connection._id, 0));
        await during(connection);
        await deps.connections.setDesired(connection.teamId, connection._id, 'disconnected');
        await ends(connection._id);
      });
    }

    test('a workflow that waits for a resumption nobody told it of goes on', () =>
      broken(async ({ _id }) => {
        await stage.handle(_id).signal('pause');
        await phaseIs(_id, 'paused');
        await collection().updateOne({ _id }, { $set: { desired: 'running' } });
        await isOverdue(_id);
        const since = Date.now();
        await repair.restartOverdue();
        await until('a poll', () => polled(_id, since));
      }));

    test('a workflow that polls though the document says paused stops by itself', () =>
      broken(async ({ _id }) => {
        await collection().updateOne({ _id }, { $set: { desired: 'paused' } });
        await phaseIs(_id, 'paused');
      }));

    test('a paused workflow that was not told of a disconnection ends, and the app is told', () =>
      broken(async ({ _id, teamId }) => {
        await stage.handle(_id).signal('pause');
        await phaseIs(_id, 'paused');
        await deps.connections.setDesired(teamId, _id, 'disconnected');
        await ends(_id);
        expect(await deps.connections.load(_id)).toMatchObject({ tokensLeft: false });
        expect(await deps.grants.read(teamId, _id)).toBeNull();
        expect(await toldOf(_id, 'provider.connection.disconnected')).toHaveLength(1);
        await repair.endIngestion();
        expect(await toldOf(_id, 'provider.connection.disconnected')).toHaveLength(1);
      }));

    test('a grant that needs its person stops a workflow that takes it for good, and one that is good again wakes it', () =>
      broken(async ({ _id, teamId }) => {
        const grants = world.db.collection<{ _id: string }>('grants');
        await grants.updateOne({ _id }, { $set: { needsReauth: { reason: 'revoked', at: 1 } } });
        await phaseIs(_id, 'needs_reauth');
        expect(await toldOf(_id, 'provider.connection.error')).toHaveLength(1);
        expect(await repair.restartOverdue()).toBe(0);

        await grants.updateOne({ _id, teamId }, { $set: { needsReauth: null } });
        await collection().updateOne({ _id }, { $set: { nextPollAt: 1_000 } });
        const since = Date.now();
        expect(await repair.restartOverdue()).toBe(1);
        await until('a poll', () => polled(_id, since));
      }));

    test('a connection whose grant is gone is told once, shown as needing its person, and not started in vain', () =>
      broken(async ({ _id, teamId }) => {
        const grants = world.db.collection<{ _id: string }>('grants');
        const grant = await grants.findOneAndDelete({ _id });
        if (!grant) throw new Error('no grant');
        await phaseIs(_id, null);
        for (let n = 0; n < 2; n++) {
          await collection().updateOne({ _id }, { $set: { nextPollAt: 1_000 } });
          await repair.restartOverdue();
          expect((await now(_id))?.nextPollAt).toBeGreaterThan(Date.now());
        }
        expect(await deps.workflows.phaseOf(_id)).toBeNull();
        const [told, ...more] = await toldOf(_id, 'provider.connection.error');
        expect([told?.data.reason, more]).toEqual(['grant_missing', []]);
        const { body } = await world.app.call('GET', `/v2/user/providers/${(await now(_id))?.userId}`);
        expect(body.providers).toMatchObject([{ status: 'error', life: { state: 'needs_reauth', reason: 'grant_missing' } }]);
        expect(teamId).toBe(world.app.teamId);

        await grants.insertOne(grant);
        await collection().updateOne({ _id }, { $set: { nextPollAt: 1_000 } });
        await repair.restartOverdue();
        await until('it is told that it works again', async () => (await toldOf(_id, 'provider.connection.recovered')).length > 0);
      }));

    test.each([
      ['ended', ({ teamId, _id }: ConnectionDoc) => deps.connections.setDesired(teamId, _id, 'disconnected')],
      ['consented to anew', (read: ConnectionDoc) => deps.connections.ensure({ ...read, consentedAt: read.consentedAt + 1 })],
    ])('a connection that was %s while its grant was looked for misses none', async (_, change) => {
      const read = await deps.connections.ensure(sampleConnection({ nextPollAt: 1_000 }));
      const overtaken = gatedDb(world.db, async (_, name) => {
        if (name === 'grants.findOne') await change(read);
      });
      expect(await restartOverdue({ ...deps, grants: new Grants(overtaken) })).toBe(0);
      expect(await toldOf(read._id, 'provider.connection.error')).toEqual([]);
      await deps.connections.setDesired(read.teamId, read._id, 'disconnected');
    });

    async function toldOf(connectionId: string, type: string): Promise<{ data: { reason: string } }[]> {
      const told = await world.db.collection<{ body: string }>('messages').find({ connectionId, type }).toArray();
      return told.map(({ body }) => JSON.parse(body));
    }
  });
});
