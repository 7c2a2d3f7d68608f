import { randomUUID } from 'node:crypto';
import { deviceIdOf } from '../../src/storage/devices';
import { PHONE, RECEIVER } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

test('a user’s devices are those that measured their readings, each once, whichever phone or receiver showed them', async () => {
  const userId = await app.newUser();
  const connection = sampleConnection({ teamId: app.teamId, userId });
  const older = { ...PHONE, transmitterId: 'b2'.repeat(32), generation: 'g6', variant: null };
  const { devices } = world.services;
  await devices.note(connection, [PHONE, { ...PHONE, transmitterId: null }, RECEIVER], 1_000);
  await Promise.all([devices.note(connection, [older], 2_000), devices.note(connection, [PHONE, older], 3_000)]);

  const { status, body } = await app.call('GET', `/v2/user/${userId}/device`);
  expect([status, body]).toEqual([
    200,
    [
      {
        id: deviceIdOf(connection._id, PHONE),
        user_id: userId,
        provider: 'dexcom_v3',
        source_type: 'automatic',
        app_id: null,
        device_manufacturer: 'Dexcom',
        device_model: 'G7',
        device_version: 'g7',
        device_id: PHONE.transmitterId,
        connection_id: connection._id,
        first_seen: '1970-01-01T00:00:01+00:00',
      },
      expect.objectContaining({ id: deviceIdOf(connection._id, older), device_model: 'G6', device_version: null }),
    ],
  ]);
  for (const device of body) expect((await app.call('GET', `/v2/user/${userId}/device/${device.id}`)).body).toEqual(device);
});

test('another user’s device is not found, nor one of nobody, nor a user', async () => {
  const [userId, other] = [await app.newUser(), await app.newUser()];
  const connection = sampleConnection({ teamId: app.teamId, userId });
  await world.services.devices.note(connection, [PHONE], 1_000);
  const id = deviceIdOf(connection._id, PHONE);
  expect((await app.call('GET', `/v2/user/${userId}/device/${id}`)).status).toBe(200);
  expect((await app.call('GET', `/v2/user/${other}/device/${id}`)).status).toBe(404);
  expect((await app.call('GET', `/v2/user/${userId}/device/${randomUUID()}`)).status).toBe(404);
  expect((await app.call('GET', `/v2/user/${randomUUID()}/device`)).status).toBe(404);
  expect((await app.call('GET', `/v2/user/${other}/device`)).body).toEqual([]);
});
