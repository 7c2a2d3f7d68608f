import { restartOverdue } from '../../src/reconcile/restartOverdue';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { Grants } from '../../src/storage/grants';
import type { SyncPhase } from '../../src/temporal/searchAttributes';
import { sampleConnection } from '../storage/sampleConnection';
import { gatedDb } from '../sync/gatedDb';
import { until } from '../workflows/stage';
import { openRepairWorld, type RepairWorld } from './repairWorld';

describe('where document, grant and workflow disagree', () => {
  let there: RepairWorld;
  let world: RepairWorld['world'];
  let deps: RepairWorld['deps'];
  let repair: RepairWorld['repair'];

  beforeAll(async () => {
    there = await openRepairWorld();
    ({ world, deps, repair } = there);
  });
  afterAll(() => there?.close());

  const collection = () => world.db.collection<{ _id: string }>('connections');
  const now = (connectionId: string) => deps.connections.load(connectionId);
  const phaseIs = (connectionId: string, phase: SyncPhase | null) =>
    until(`phase ${phase}`, async () => (await deps.workflows.phaseOf(connectionId)) === phase);

  /** Rounds have pages. */
  const ends = (connectionId: string) =>
    until('its end', async () => {
      await repair.endIngestion();
      const flagged = (await now(connectionId))?.tokensLeft;
      return !flagged && (await deps.workflows.phaseOf(connectionId)) === null;
    });

  /** Connected, polled, then broken by hand. */
  async function broken(during: (connection: ConnectionDoc) => Promise<void>): Promise<void> {
    await there.play(async () => {
      const connection = await there.connect(0);
      await until('a poll', () => there.polled(connection._id, 0));
      await during(connection);
      await deps.connections.setDesired(connection.teamId, connection._id, 'disconnected');
      await ends(connection._id);
    });
  }

  test('a workflow that waits for a resumption nobody told it of goes on', () =>
    broken(async ({ _id }) => {
      await there.stage.handle(_id).signal('pause');
      await phaseIs(_id, 'paused');
      await collection().updateOne({ _id }, { $set: { desired: 'running' } });
      await until('it is overdue', () => there.isOverdue(_id));
      const since = Date.now();
      await repair.restartOverdue();
      await until('a poll', () => there.polled(_id, since));
    }));

  test('a workflow that polls though the document says paused stops by itself', () =>
    broken(async ({ _id }) => {
      await collection().updateOne({ _id }, { $set: { desired: 'paused' } });
      await phaseIs(_id, 'paused');
    }));

  test('a paused workflow that was not told of a disconnection ends, and the app is told', () =>
    broken(async ({ _id, teamId }) => {
      await there.stage.handle(_id).signal('pause');
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
      await until('a poll', () => there.polled(_id, since));
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
      // The message is kept for a while; what it told of lasts longer.
      await world.db.collection('messages').deleteMany({ connectionId: _id });
      await collection().updateOne({ _id }, { $set: { nextPollAt: 1_000 } });
      await repair.restartOverdue();
      expect(await toldOf(_id, 'provider.connection.error')).toEqual([]);
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
