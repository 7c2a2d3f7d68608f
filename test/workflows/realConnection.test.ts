import { createSyncActivities } from '../../src/activities/sync';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { policyFor } from '../../src/freshness/policy';
import { createLog } from '../../src/log';
import { grantFor, type SyncWorld, syncWorld } from '../sync/syncWorld';
import { INNOCENT, verdict } from '../sync/verdict';
import { openPostOffice, type PostOffice } from '../webhooks/postOffice';
import { openStage, type Stage, sleep, until } from './stage';

const log = createLog({ level: 'error', name: 'test' });
/** A poll a second, and a new run every two pulls. */
const policy = { ...policyFor(1_000), pollsPerRun: 2 };

/** The loop with the activities it has in production, a simulated Dexcom and the real database. */
describe('a connection with everything real', () => {
  let stage: Stage;
  let world: SyncWorld;
  let post: PostOffice;
  beforeAll(async () => {
    [stage, world, post] = await Promise.all([openStage(), syncWorld({ people: 0 }), openPostOffice()]);
  });
  afterAll(async () => {
    await Promise.all([stage?.close(), world?.close(), post?.close()]);
  });

  async function connected(id: string) {
    // One device, and two seconds apart: what is of one second, or a phone's and a receiver's of about one time, passes for one reading.
    await world.simulator.control.addPerson({ id, device: 'g7-ios', historyDays: 70, interval: '2s', delay: '1s' });
    const person = await world.consent(id);
    const start = Date.now() - 70 * 86_400_000;
    const identity = stage.newConnection();
    const { connectionId: _id, teamId, userId } = identity;
    const liveFrom = Date.now();
    const backfill = {
      floor: start,
      ceiling: liveFrom,
      doneBackTo: liveFrom,
      windowsDone: 0,
      windowsTotal: 3,
      readings: 0,
      startedAt: null,
      endedAt: null,
    };
    const connection = await world.connect(person, { _id, teamId, userId, liveFrom, coveredUntil: liveFrom, backfill });
    return { identity, person, connection, start };
  }

  const activities = () => ({ ...createSyncActivities(world.deps, log), ...createWebhookActivities(post, log) });

  test('stores and tells everything once, over four continue-as-news', async () => {
    await stage.play(activities(), async () => {
      const { identity, person, connection, start } = await connected('ada');
      await stage.workflows(policy).ensureRunning(identity);
      const runs = new Set<string>();
      await until('the fifth run', async () => {
        runs.add((await stage.handle(identity.connectionId).describe()).runId);
        return runs.size === 5;
      });
      const before = Date.now() - 2_000;
      await until('what was visible', async () => (await world.connectionNow(connection)).coveredUntil > before + 2_000);
      await stage.handle(identity.connectionId).signal('pause');
      await until('the pause', async () => (await world.connectionNow(connection)).desired === 'paused');
      await sleep(500);

      const now = await world.connectionNow(connection);
      expect(now.backfill).toMatchObject({ doneBackTo: start, windowsDone: 3, windowsTotal: 3 });
      // In between, what was measured before the consent and visible only after it: news if a live pull found it first.
      for (const window of [
        { from: start, to: connection.liveFrom - 3_000 },
        { from: connection.liveFrom, to: before },
      ]) {
        expect(await verdict(world, person, connection, window)).toEqual(INNOCENT);
      }
    });
  });

  test('a grant revoked by the person ends in needs_reauth, noted for the API, and a new consent heals it', async () => {
    await stage.play(activities(), async () => {
      const { identity, person, connection } = await connected('bob');
      const impatient = { ...policy, refusedRereadMs: [0, 100, 100], refusedRetryMs: [100, 100] };
      await stage.workflows(impatient).ensureRunning(identity);
      await until('polls', async () => (await world.connectionNow(connection)).lastPollAt);
      await world.simulator.control.revoke({ personId: person.id });
      const { _id, teamId } = connection;
      await until('the mark', async () => (await world.deps.grants.read(teamId, _id))?.needsReauth?.reason === 'revoked');
      await until('the note', async () => (await world.connectionNow(connection)).lastError?.type === 'revoked');
      const phase = async () => (await stage.handle(_id).describe()).searchAttributes['SyncPhase']?.[0];
      await until('the phase', async () => (await phase()) === 'needs_reauth');

      const { tokens } = await world.consent(person.id);
      await world.deps.grants.settle(grantFor({ ...connection, consentedAt: Date.now() }, tokens));
      await stage.workflows(impatient).ensureRunning(identity);
      const healedAt = Date.now();
      await until('polls again', async () => ((await world.connectionNow(connection)).lastPollAt ?? 0) > healedAt);
      expect(await phase()).not.toBe('needs_reauth');
    });
  });
});
