import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { approve } from '../../local/demo/approve';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { providerOf } from '../engine/provider';

interface Recipe {
  readonly user_id: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly provider_id: string;
  readonly expires_at: number;
}

/** One team, which hands a person's connection out and takes it in again for another of its users, with a worker that dies on the way. */
describe('bulk operations', () => {
  let engine: Engine;
  let userId: string;
  let apiKey: string;

  const call = async (path: string, body: object): Promise<{ status: number; body: Record<string, never> & { data: Recipe[] } }> => {
    const response = await fetch(engine.apiUrl + path, {
      method: 'POST',
      headers: { 'x-vital-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'dexcom_v3', ...body }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const newUser = async () => (await engine.call<{ user_id: string }>('POST', '/v2/user', { client_user_id: randomUUID() })).user_id;
  const operations = async () => (await engine.call<{ data: Record<string, unknown>[] }>('GET', '/v2/link/bulk_op')).data;
  const history = () => engine.receiver.distinct('historical.data.glucose.created').filter(({ body }) => body.user_id === userId);

  beforeAll(async () => {
    engine = await startEngine({ interval: '5s', simulator: { historyDays: 2, grace: '120s' } });
    apiKey = (await engine.admin('key', 'create', '--team', engine.teamId, '--scopes', 'connections:transfer,users:write')).key ?? '';
    userId = await newUser();
    await approve(await engine.linkUrl(userId), engine.simulator.person);
    await eventually(() => expect(history()).toHaveLength(1));
  }, 200_000);
  afterAll(() => engine?.stop());

  test('a triggered historical pull is done though its worker dies, once, and told once', async () => {
    await engine.workers[0]?.kill();
    const { status, body } = await call('/v2/link/bulk_trigger_historical_pull', { user_ids: [userId, randomUUID()] });
    expect([status, body]).toEqual([202, {}]);
    expect(await operations()).toMatchObject([{ type: 'link_bulk_historical_trigger', status: 'in_progress', pending: 2, processed: 0 }]);
    engine.workers[0]?.start();
    await eventually(async () => {
      expect(await operations()).toMatchObject([{ status: 'success', pending: 0, processed: 2, user_ids_failed: [expect.any(String)] }]);
      expect(history()).toHaveLength(2);
    });
  });

  test('connections leave with tokens that work, and come in as a consent does; a repeated import changes nothing', async () => {
    const { body } = await call('/v2/link/bulk_export', { user_ids: [userId] });
    const [recipe] = body.data;
    expect(recipe).toMatchObject({ user_id: userId, provider_id: expect.any(String), refresh_token: expect.any(String) });

    await engine.call('DELETE', `/v2/user/${userId}/dexcom_v3`);
    const taker = await newUser();
    const bad = { ...recipe, user_id: await newUser(), access_token: 'spent', refresh_token: `spent-${randomUUID()}` };
    const stranger = { ...recipe, user_id: randomUUID() };
    const wanted = { connections: [{ ...recipe, user_id: taker }, bad, stranger], wait_for_completion: true };
    for (let times = 0; times < 2; times++) {
      const { status, body: imported } = await call('/v2/link/bulk_import', wanted);
      expect([status, imported]).toEqual([200, { user_ids_imported: [taker], user_ids_failed: [bad.user_id, stranger.user_id] }]);
    }
    expect((await providerOf(engine, taker)).status).toBe('connected');
    await eventually(() => {
      expect(engine.receiver.distinct('provider.connection.created').filter(({ body: event }) => event.user_id === taker)).toHaveLength(1);
      expect(engine.receiver.distinct('historical.data.glucose.created').filter(({ body: event }) => event.user_id === taker)).toHaveLength(
        1,
      );
    });

    for (const secret of [recipe?.access_token ?? '?', recipe?.refresh_token ?? '?'])
      for (const file of readdirSync(engine.logFolder))
        expect(readFileSync(join(engine.logFolder, file), 'utf8').includes(secret)).toBe(false);
    expect(readFileSync(join(engine.logFolder, 'server.log'), 'utf8')).toContain('connections were exported with their tokens');

    const { body: paused } = await call('/v2/link/bulk_pause', { user_ids: [taker, bad.user_id] });
    expect(paused).toEqual({ user_ids_paused: [taker], user_ids_failed: [bad.user_id] });
    expect((await providerOf(engine, taker)).status).toBe('paused');
  });
});
