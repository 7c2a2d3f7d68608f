import { randomUUID } from 'node:crypto';
import { Junction, JunctionClient } from '@junction-api/sdk';
import { Vital, VitalClient } from '@tryvital/vital-node';
import { type Answer, send } from '../api/apiWorld';
import { type LinkWorld, openLinkWorld } from '../connect/linkWorld';
import { TcpProxy } from '../tcpProxy';
import { type Fate, StingyProxy } from './stingyProxy';

let world: LinkWorld;

beforeAll(async () => {
  world = await openLinkWorld();
});
afterAll(() => world?.close());

const provider = 'dexcom_v3';
const FATES: readonly (readonly [Fate, Fate])[] = [
  ['lost', 'lost'],
  ['refused', 'lost'],
  ['lost', 'refused'],
];

/** Through the pages of ours and Dexcom's; the answer to the callback is lost on its way, so the browser is reloaded. */
async function walkThrough(linkToken: string): Promise<void> {
  const callback = await world.approve({ token: linkToken, webUrl: `${world.url}/link?token=${linkToken}` });
  const line = await TcpProxy.to(new URL(world.url).host);
  const overLine = callback.replace(new URL(world.url).host, line.address);
  line.loseNextAnswer();
  await expect(world.open(overLine)).rejects.toThrow();
  expect((await world.open(overLine)).body).toContain('<h1>Connected</h1>');
  await line.cut();
}

async function expectOneOfEach(clientUserId: string, userId: string): Promise<void> {
  const { app, db, services } = world;
  const counted = async (collection: string, filter: object) => db.collection(collection).countDocuments(filter);
  expect(await services.connections.ofUser(app.teamId, userId)).toMatchObject([{ desired: 'running' }]);
  expect({
    users: await counted('users', { teamId: app.teamId, clientUserId }),
    sessions: await counted('link_sessions', { userId }),
    grants: await counted('grants', { userId }),
    told: await counted('messages', { userId, type: 'provider.connection.created' }),
  }).toEqual({ users: 1, sessions: 1, grants: 1, told: 1 });
}

/** The official clients send again what was answered with 5xx, three times in all, though it may have been done before. */
describe.each(['junction', 'vital'] as const)('what the %s client sends again', (kind) => {
  const clientAt = (url: string): JunctionClient | VitalClient => {
    const options = { apiKey: world.app.apiKey, baseUrl: url };
    return kind === 'junction' ? new JunctionClient(options) : new VitalClient({ ...options, environment: url });
  };

  /** As an app does: the user that was made by a call whose answer it never saw is in the conflict it is told. */
  async function userOf(client: JunctionClient | VitalClient, clientUserId: string): Promise<string> {
    try {
      return (await client.user.create({ clientUserId })).userId;
    } catch (error) {
      if (!(error instanceof Junction.BadRequestError || error instanceof Vital.BadRequestError)) throw error;
      const { body } = await world.app.call('GET', `/v2/user/resolve/${clientUserId}`);
      expect(error).toMatchObject({ body: { detail: { user_id: body.user_id, created_on: body.created_on } } });
      return body.user_id;
    }
  }

  test('is one user, one link and one connection, whether it was done the first time, the second or both', async () => {
    await Promise.all(FATES.map(connectsOnce));
  });

  async function connectsOnce(fates: readonly Fate[]): Promise<void> {
    const clientUserId = randomUUID();
    const proxy = await StingyProxy.before(world.url, fates);
    const client = clientAt(proxy.url);
    const userId = await userOf(client, clientUserId);
    const { linkToken } = await client.link.token({ userId, provider });
    expect(proxy.timesTried).toEqual([3, 3]);
    proxy.close();

    await walkThrough(linkToken);
    await expectOneOfEach(clientUserId, userId);
  }
});

test('what an app sends again, because the line broke under the answer, is one of each too', async () => {
  const clientUserId = randomUUID();
  const line = await TcpProxy.to(new URL(world.url).host);
  const post = (path: string, body: object) => send(`http://${line.address}`, 'POST', path, body, { 'x-vital-api-key': world.app.apiKey });
  const again = async (path: string, body: object): Promise<Answer> => {
    line.loseNextAnswer();
    await expect(post(path, body)).rejects.toThrow();
    return post(path, body);
  };

  const conflict = await again('/v2/user', { client_user_id: clientUserId });
  const userId: string = conflict.body.detail.user_id;
  const { status, body } = await again('/v2/link/token', { user_id: userId, provider });
  expect([conflict.status, status]).toEqual([400, 200]);
  await line.cut();
  await walkThrough(body.link_token);
  await expectOneOfEach(clientUserId, userId);
});
