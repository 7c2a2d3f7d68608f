import { randomUUID } from 'node:crypto';
import { halfDone, type IntrospectWorld, openIntrospectWorld } from './introspectWorld';

let world: IntrospectWorld;

beforeAll(async () => {
  world = await openIntrospectWorld();
});
afterAll(() => world?.close());

describe.each(['resources', 'historical_pull'])('GET /v2/introspect/%s', (name) => {
  const introspect = (query = '') => world.app.call('GET', `/v2/introspect/${name}?${query}`);

  test('follows its cursors over every user once, newest first, under both names', async () => {
    const fresh = await world.newApp();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await fresh.newUser());
    const seen: string[] = [];
    let query = 'user_limit=2';
    for (let page = 0; page < 3; page++) {
      const { body } = await fresh.call('GET', `/v2/introspect/${name}?${query}`);
      seen.push(...body.data.map(({ user_id }: { user_id: string }) => user_id));
      expect(body.next).toBe(body.next_cursor);
      query = `user_limit=2&${page === 0 ? 'next_cursor' : 'cursor'}=${body.next_cursor}`;
    }
    expect(seen).toEqual(ids);
    expect(query).toContain('=null');
  });

  test('leaves out a disconnected provider, and one that was not asked for', async () => {
    const disconnected = await world.userWith({ ...halfDone, desired: 'disconnected' });
    expect((await introspect(`user_id=${disconnected}`)).body.data).toEqual([{ user_id: disconnected, provider: {} }]);
    const userId = await world.userWith(halfDone);
    expect((await introspect(`user_id=${userId}&provider=oura`)).body.data).toEqual([{ user_id: userId, provider: {} }]);
    expect(Object.keys((await introspect(`user_id=${userId}&provider=dexcom_v3`)).body.data[0].provider)).toEqual(['dexcom_v3']);
  });

  test('refuses a cursor that is none, and a user that is none', async () => {
    expect(await introspect('next_cursor=nonsense')).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'next_cursor'] }] } });
    expect(await introspect('user_limit=0')).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'user_limit'] }] } });
    expect((await introspect(`user_id=${randomUUID()}`)).status).toBe(404);
  });
});
