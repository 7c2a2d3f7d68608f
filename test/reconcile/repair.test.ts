import { randomUUID } from 'node:crypto';
import { createReconcileActivities } from '../../src/activities/reconcile';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { dayId } from '../../src/storage/glucoseDays';
import type { ReplayDoc } from '../../src/storage/replays';
import { bulkWorkflowId } from '../../src/temporal/bulkNames';
import type { ConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { replayWorkflowId } from '../../src/temporal/replayNames';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { grantFor } from '../sync/syncWorld';
import { quick } from '../workflows/script';
import { until } from '../workflows/stage';
import { openRepairWorld, policy, type RepairWorld } from './repairWorld';

const DAY_MS = 86_400_000;

describe('the scheduled repair', () => {
  let there: RepairWorld;
  let world: RepairWorld['world'];
  let stage: RepairWorld['stage'];
  let deps: RepairWorld['deps'];
  let repair: RepairWorld['repair'];

  beforeAll(async () => {
    there = await openRepairWorld();
    ({ world, stage, deps, repair } = there);
  });
  afterAll(() => there?.close());

  /** With a grant, as every connection has one. */
  async function stored(connection: ConnectionDoc): Promise<void> {
    const now = Date.now();
    const tokens = { accessToken: 'a', refreshToken: 'r', issuedAt: now, expiresAt: now + 3_600_000 };
    await deps.grants.settle(grantFor(connection, tokens));
    await deps.connections.ensure(connection);
  }

  test('starts a terminated workflow again and leaves running ones alone', async () => {
    await there.play(async () => {
      const [one, other] = [await there.connect(0), await there.connect(1)];
      for (const { _id } of [one, other]) await until('a poll', () => there.polled(_id, 0));
      await stage.handle(one._id).terminate();
      const { runId } = await stage.handle(other._id).describe();

      await until('it is overdue', () => there.isOverdue(one._id));
      expect(await repair.restartOverdue()).toBe(1);
      const since = Date.now();
      await until('polls', () => there.polled(one._id, since));
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
    const revive = there.killCallbacks();
    const link = await world.begin(userId);
    await world.open(await world.approve(link, world.people[0]));
    revive();
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
    const revive = there.killCallbacks();
    const stuck = [await abandoned(), await abandoned(), await abandoned(), await abandoned(), await abandoned()];
    const behind = await abandoned();
    revive();
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
    await there.play(async () => {
      const { _id } = await there.connect(1);
      await until('a poll', () => there.polled(_id, 0));
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
    await there.play(async () => {
      const { _id, teamId, userId } = await there.connect(0);
      await until('a poll', () => there.polled(_id, 0));
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

  const aReplay = (given: Partial<ReplayDoc>): ReplayDoc => ({
    ...{ _id: randomUUID(), teamId: world.app.teamId, endpointId: randomUUID(), wish: { kind: 'recover', since: 0 }, startedAt: 1 },
    ...{ endedAt: null, outcome: null, after: { at: 0, _id: '' }, lookedAt: 0, queued: 0, waiting: 0 },
    ...given,
  });

  test('a replay whose caller died before its workflow began is begun', async () => {
    const replay = aReplay({});
    await deps.replays.insert(replay);
    await repair.restartOverdue();
    expect(await deps.replayRuns.isRunning(replay._id)).toBe(true);
    await stage.client.workflow.getHandle(replayWorkflowId(replay._id)).terminate();
    await repair.restartOverdue();
    expect(await deps.replayRuns.isRunning(replay._id)).toBe(true);
    await deps.replays.end(replay, 'cancelled', Date.now());
  });

  test('a replay without a workflow is begun however many older ones are under way', async () => {
    const replays = Array.from({ length: 5 }, (_, n) => aReplay({ startedAt: Date.now() - 60_000 + n }));
    for (const replay of replays) await deps.replays.insert(replay);
    const paged = createReconcileActivities({ ...deps, policy: { ...policy, pageSize: 2 } });
    await paged.restartOverdue();
    const last = replays.at(-1)?._id ?? '';
    await stage.client.workflow.getHandle(replayWorkflowId(last)).terminate();
    await paged.restartOverdue();
    expect(await deps.replayRuns.isRunning(last)).toBe(true);
    for (const replay of replays) await deps.replays.end(replay, 'cancelled', Date.now());
  });

  test('forgets replays only when they are long over, and none that is under way', async () => {
    const [underWay, old, recent] = [
      aReplay({}),
      aReplay({ endedAt: Date.now() - 8 * DAY_MS }),
      aReplay({ endedAt: Date.now() - 6 * DAY_MS }),
    ];
    for (const replay of [underWay, old, recent]) await deps.replays.insert(replay);
    await repair.purgeExpired();
    const left = await Promise.all([underWay, old, recent].map(({ teamId, _id }) => deps.replays.load(teamId, _id)));
    expect(left.map((replay) => replay?._id ?? null)).toEqual([underWay._id, null, recent._id]);
  });

  test('forgets tries to deliver after thirty days, also of messages that are kept', async () => {
    const ofAge = (days: number) => ({
      ...{ teamId: randomUUID(), endpointId: randomUUID(), messageId: `msg_${randomUUID()}`, at: Date.now() - days * DAY_MS },
      ...({ outcome: 'failed', status: 500, error: 'HTTP 500', latencyMs: 1, excerpt: null, nextAttemptAt: null } as const),
    });
    const [old, recent] = [ofAge(31), ofAge(29)];
    for (const attempt of [old, recent]) await deps.attempts.insert(attempt);
    await repair.purgeExpired();
    const left = await Promise.all([old, recent].map((attempt) => deps.attempts.page(attempt, null, 0, 10)));
    expect(left.map((attempts) => attempts.length)).toEqual([0, 1]);
  });

  test('forgets bulk operations only when they are long over, and none that is under way', async () => {
    const { operations } = deps.bulk;
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
});
