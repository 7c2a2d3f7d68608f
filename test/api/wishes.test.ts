import { randomUUID } from 'node:crypto';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { sampleConnection } from '../storage/sampleConnection';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';

describe('with a worker', () => {
  let engine: Engine;
  let userId: string;
  const ask = (method: string, path: string): Promise<Answer> =>
    send(engine.apiUrl, method, path.replace('{id}', userId), undefined, { 'x-vital-api-key': engine.apiKey });
  const provider = async () => (await ask('GET', '/v2/user/providers/{id}')).body.providers[0];

  beforeAll(async () => {
    engine = await startEngine({ simulator: { delay: '0s', historyDays: 1 } });
    userId = await engine.connect(engine.simulator.person);
    await eventually(() => expect(engine.receiver.distinct('historical.data.glucose.created')).toHaveLength(1));
  });
  afterAll(() => engine?.stop());

  test('refresh fetches now and tells what it refreshed: the reading is there when it answers', async () => {
    const measuredAt = Date.now() - 120_000;
    await engine.simulator.control.addReading(engine.simulator.person, { measuredAt, visibleAt: measuredAt, mgPerDl: 123 });
    const { status, body } = await ask('POST', '/v2/user/refresh/{id}?timeout=30');
    expect([status, body]).toEqual([
      200,
      { success: true, user_id: userId, refreshed_sources: ['dexcom_v3/vitals/glucose'], in_progress_sources: [], failed_sources: [] },
    ]);
    const day = new Date(measuredAt).toISOString().slice(0, 10);
    const { body: page } = await ask('GET', `/v2/timeseries/{id}/glucose/grouped?start_date=${day}`);
    // Not the last one: the sensor may have read meanwhile.
    const measured = new Date(measuredAt).toISOString();
    expect(page.groups.dexcom_v3[0].data).toContainEqual(expect.objectContaining({ system_time: measured, value_mg_per_dl: 123 }));
  });

  test('pause stops fetching and says so; resume fetches what was missed', async () => {
    expect(await ask('POST', '/v2/user/{id}/dexcom_v3/pause')).toMatchObject({ status: 200, body: { success: true } });
    expect(await provider()).toMatchObject({ status: 'paused', next_poll: null });
    expect((await ask('POST', '/v2/user/refresh/{id}')).body).toMatchObject({ success: false });
    expect((await ask('POST', '/v2/user/{id}/dexcom_v3/pause')).status).toBe(200);

    const measuredAt = Date.now() - 1_000;
    await engine.simulator.control.addReading(engine.simulator.person, { measuredAt, visibleAt: measuredAt, mgPerDl: 234 });
    expect((await ask('POST', '/v2/user/{id}/dexcom_v3/resume')).status).toBe(200);
    expect((await ask('POST', '/v2/user/refresh/{id}?timeout=30')).body.refreshed_sources).toEqual(['dexcom_v3/vitals/glucose']);
    expect(await provider()).toMatchObject({ status: 'connected', newest_reading: expect.any(String), next_poll: expect.any(String) });
    await eventually(() => {
      const told = engine.receiver.distinct('daily.data.glucose.created').map(({ body }) => JSON.stringify(body));
      expect(told.some((body) => body.includes('"value_mg_per_dl":234'))).toBe(true);
    });
  });

  test('a refresh that Dexcom does not answer is named as failed, and the connection shows why', async () => {
    await engine.simulator.control.addFault({ endpoints: ['egvs'], kind: 'status', status: 400, times: null });
    try {
      await eventually(async () => {
        expect((await ask('POST', '/v2/user/refresh/{id}?timeout=60')).body.failed_sources).toEqual(['dexcom_v3/vitals/glucose']);
      });
      expect(await provider()).toMatchObject({ status: 'connected', last_error: { type: expect.any(String), at: expect.any(String) } });
      const { body } = await ask('GET', '/v2/introspect/resources?user_id={id}');
      expect(body.data[0].provider.dexcom_v3.glucose.last_attempt.status).toBe('failure');
    } finally {
      await engine.simulator.control.clearFaults();
    }
  });

  test('disconnect ends it, again and again; only a new link brings it back', async () => {
    for (let n = 0; n < 2; n++)
      expect(await ask('DELETE', '/v2/user/{id}/dexcom_v3')).toMatchObject({ status: 200, body: { success: true } });
    expect(await provider()).toBeUndefined();
    expect((await ask('GET', '/v2/user/{id}')).body.connected_sources).toEqual([]);
    expect(await ask('POST', '/v2/user/refresh/{id}')).toMatchObject({
      status: 400,
      body: { success: false, user_id: userId, error: 'user has no connected sources', failed_sources: [] },
    });
    for (const wish of ['pause', 'resume']) expect((await ask('POST', `/v2/user/{id}/dexcom_v3/${wish}`)).status).toBe(409);

    await engine.reconnect(userId, engine.simulator.person);
    expect((await ask('POST', '/v2/user/refresh/{id}?timeout=30')).body.refreshed_sources).toEqual(['dexcom_v3/vitals/glucose']);
  });
});

describe('without a worker', () => {
  let world: ApiWorld;
  let app: App;

  beforeAll(async () => {
    world = await openApiWorld();
    app = await world.newApp();
  });
  afterAll(() => world?.close());

  async function connected(): Promise<{ userId: string; connectionId: string }> {
    const userId = await app.newUser();
    const { _id: connectionId } = await world.services.connections.ensure(sampleConnection({ teamId: app.teamId, userId }));
    return { userId, connectionId };
  }

  test('a refresh is told as under way where the workflow was lost: the repair starts it, nobody else does', async () => {
    const { userId, connectionId } = await connected();
    const { status, body } = await app.call('POST', `/v2/user/refresh/${userId}?timeout=5`);
    expect([status, body.in_progress_sources, body.refreshed_sources]).toEqual([202, ['dexcom_v3/vitals/glucose'], []]);
    expect(await world.services.workflows.isRunning(connectionId)).toBe(false);
  });

  test.each([
    ['pause', 'paused'],
    ['resume', 'running'],
  ])('a wish to %s is written before anybody is told', async (wish, desired) => {
    const { userId, connectionId } = await connected();
    expect((await app.call('POST', `/v2/user/${userId}/dexcom_v3/${wish}`)).status).toBe(200);
    expect((await world.services.connections.byId(app.teamId, connectionId))?.desired).toBe(desired);
    expect(await world.services.workflows.isRunning(connectionId)).toBe(false);
  });

  test.each([
    ['POST', '/v2/user/{id}/dexcom_v3/pause'],
    ['POST', '/v2/user/{id}/dexcom_v3/resume'],
    ['DELETE', '/v2/user/{id}/dexcom_v3'],
  ])('%s %s finds neither a user nor a provider that is not there', async (method, path) => {
    const strangers = await app.call(method, path.replace('{id}', randomUUID()));
    expect(strangers).toMatchObject({ status: 404, body: { detail: 'The user does not or no longer exists in this team' } });
    const { userId } = await connected();
    const unconnected = await app.call(method, path.replace('{id}', userId).replace('dexcom_v3', 'oura'));
    expect(unconnected).toMatchObject({ status: 404, body: { detail: 'The user has not connected oura' } });
  });

  test('a user who has connected nothing has nothing to refresh', async () => {
    const userId = await app.newUser();
    expect(await app.call('POST', `/v2/user/refresh/${userId}`)).toMatchObject({ status: 400, body: { success: false, user_id: userId } });
    expect((await app.call('POST', `/v2/user/refresh/${randomUUID()}`)).status).toBe(404);
  });

  test.each(['4', '61', 'soon'])('a refresh of %s seconds is refused', async (timeout) => {
    const { status, body } = await app.call('POST', `/v2/user/refresh/${randomUUID()}?timeout=${timeout}`);
    expect([status, body.detail[0].loc]).toEqual([422, ['query', 'timeout']]);
  });
});
