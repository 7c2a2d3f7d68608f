import { randomUUID } from 'node:crypto';
import { Junction, JunctionClient } from '@junction-api/sdk';
import { Vital, VitalClient } from '@tryvital/vital-node';
import { type ApiWorld, type App, openApiWorld } from '../api/apiWorld';
import { StingyProxy } from './stingyProxy';

/** The official clients send again what was answered with 5xx, three times in all, though it may have been done the first time. */
describe.each(['junction', 'vital'] as const)('what the %s client sends three times', (kind) => {
  let world: ApiWorld;
  let app: App;
  let proxy: StingyProxy;
  let client: JunctionClient | VitalClient;

  beforeAll(async () => {
    world = await openApiWorld();
    app = await world.newApp();
    proxy = await StingyProxy.before(world.url);
    const options = { apiKey: app.apiKey, baseUrl: proxy.url };
    client = kind === 'junction' ? new JunctionClient(options) : new VitalClient({ ...options, environment: proxy.url });
  });
  afterAll(async () => {
    proxy?.close();
    await world?.close();
  });

  test('is one user: the third answer is the conflict, with the id of the user that the first one made', async () => {
    const clientUserId = randomUUID();
    const error = await client.user.create({ clientUserId }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind === 'junction' ? Junction.BadRequestError : Vital.BadRequestError);
    const { body } = await app.call('GET', '/v2/user');
    expect(body.users).toMatchObject([{ client_user_id: clientUserId }]);
    expect(error).toMatchObject({ body: { detail: { user_id: body.users[0].user_id, created_on: body.users[0].created_on } } });
    expect(proxy.timesTried).toEqual([3]);
  });

  test('is one connection: each link token opens a session of its own, and a person walks through one', async () => {
    const userId = await app.newUser();
    const { linkToken } = await client.link.token({ userId, provider: 'dexcom_v3' });
    const { body } = await app.call('POST', '/v2/link/token/isValid', { body: { token: linkToken } });
    expect(body).toEqual({ is_valid: true });
    expect(await world.services.connections.ofUser(app.teamId, userId)).toEqual([]);
  });
});
