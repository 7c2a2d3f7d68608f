import { endIngestion } from '../../src/reconcile/endIngestion';
import { reconcilePolicyFor } from '../../src/reconcile/policy';
import { DueConnections } from '../../src/storage/dueConnections';
import type { UserServices } from '../../src/users/userServices';
import { sampleConnection } from '../storage/sampleConnection';
import { atEveryStep } from '../sync/strikes';
import { openStruckWorld, type StruckWorld } from '../users/struckWorld';

const policy = reconcilePolicyFor(300_000);

let world: StruckWorld;

beforeAll(async () => {
  world = await openStruckWorld();
});
afterAll(() => world?.close());

async function connected() {
  const userId = await world.app.newUser();
  const connection = await world.services.connections.ensure(sampleConnection({ teamId: world.app.teamId, userId }));
  return { userId, connection };
}

async function told(userId: string): Promise<{ connectionId: string; reason: string; state: string }[]> {
  const messages = await world.db
    .collection<{ body: string; connectionId: string }>('messages')
    .find({ teamId: world.app.teamId, userId, type: 'provider.connection.disconnected' })
    .toArray();
  return messages.map(({ body, connectionId }) => ({ ...JSON.parse(body).data, connectionId }));
}

const rest = (people: UserServices = world.services) => endIngestion({ due: new DueConnections(world.db), people, policy });

describe('a connection that ends', () => {
  test.each([
    ['request', (userId: string) => world.app.call('DELETE', `/v2/user/${userId}/dexcom_v3`)],
    ['deletion', (userId: string) => world.app.call('DELETE', `/v2/user/${userId}`)],
  ])('by %s is told once with its reason, wherever who ends it dies and however often it is asked for', async (reason, end) => {
    const steps = await atEveryStep(async (step) => {
      const { userId, connection } = await connected();
      const revive = world.strike(step);
      await end(userId);
      const died = revive();
      await rest();
      await end(userId);
      await end(userId);
      await rest();
      expect(await told(userId)).toMatchObject([{ connectionId: connection._id, reason, state: 'disconnected' }]);
      expect(await world.services.connections.byId(world.app.teamId, connection._id)).toMatchObject({ tokensLeft: false });
      return died;
    });
    expect(steps).toBeGreaterThan(5);
  });

  test('and is ended again for another reason keeps the first one and its time', async () => {
    const { userId, connection } = await connected();
    await world.app.call('DELETE', `/v2/user/${userId}/dexcom_v3`);
    const before = await world.services.connections.byId(world.app.teamId, connection._id);
    await world.app.call('DELETE', `/v2/user/${userId}`);
    expect(await world.services.connections.byId(world.app.teamId, connection._id)).toEqual(before);
    expect(await told(userId)).toMatchObject([{ reason: 'request' }]);
  });

  test('because its person has connected another account is not told', async () => {
    const { userId, connection } = await connected();
    const by = { _id: 'z', consentedAt: connection.consentedAt + 1 };
    expect(await world.services.connections.overtake(world.app.teamId, connection._id, by)).toBe(true);
    await rest();
    expect(await world.services.connections.byId(world.app.teamId, connection._id)).toMatchObject({ ended: 'other_account' });
    expect(await told(userId)).toEqual([]);
  });

  test('is settled though another one cannot be', async () => {
    const { connection: stuck } = await connected();
    await world.db.collection<{ _id: string }>('connections').updateOne({ _id: stuck._id }, { $set: { 'bounds.to': 1 } });
    const { userId, connection } = await connected();
    await world.services.connections.end(connection, 'request');

    const tell: typeof world.services.workflows.tell = async (connectionId, ...what) => {
      if (connectionId === stuck._id) throw new Error('not this one');
      return world.services.workflows.tell(connectionId, ...what);
    };
    const hindered = { ...world.services, workflows: { ...world.services.workflows, tell } };
    await expect(rest(hindered)).rejects.toThrow('repairs failed');
    expect(await world.services.connections.byId(world.app.teamId, connection._id)).toMatchObject({ tokensLeft: false });
    expect(await told(userId)).toHaveLength(1);
    expect(await rest()).toBe(1);
  });

  test('once more, after another consent, is told once more', async () => {
    const { userId, connection } = await connected();
    await world.app.call('DELETE', `/v2/user/${userId}/dexcom_v3`);
    await world.services.connections.ensure({ ...connection, consentedAt: connection.consentedAt + 1 });
    await world.app.call('DELETE', `/v2/user/${userId}/dexcom_v3`);
    expect(await told(userId)).toHaveLength(2);
  });
});
