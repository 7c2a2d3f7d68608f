import { randomUUID } from 'node:crypto';
import { sampleConnection } from '../storage/sampleConnection';
import { type Answer, type ApiWorld, type App, openApiWorld } from './apiWorld';

const GONE = 'The user has been scheduled for deletion as per your previous request';
const UNKNOWN = 'The user does not or no longer exists in this team';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world.close());

const patch = (userId: string, body: unknown): Promise<Answer> => app.call('PATCH', `/v2/user/${userId}`, { body });
const get = async (userId: string) => (await app.call('GET', `/v2/user/${userId}`)).body;
const resolve = (clientUserId: string): Promise<Answer> => app.call('GET', `/v2/user/resolve/${encodeURIComponent(clientUserId)}`);
const remove = (userId: string): Promise<Answer> => app.call('DELETE', `/v2/user/${userId}`);
const undo = (query: string): Promise<Answer> => app.call('POST', `/v2/user/undo_delete?${query}`);

describe('PATCH /v2/user/{user_id}', () => {
  test('changes what is given, takes away what is null, leaves the rest, and says nothing', async () => {
    const userId = await app.newUser();
    const before = await get(userId);
    const first = await patch(userId, { fallback_time_zone: 'europe/london', ingestion_start: '2026-01-01' });
    expect([first.status, first.body]).toEqual([204, '']);
    expect(await get(userId)).toEqual({
      ...before,
      fallback_time_zone: { id: 'Europe/London', source_slug: 'manual', updated_at: expect.any(String) },
      ingestion_start: '2026-01-01',
    });

    await patch(userId, { ingestion_start: null, fallback_birth_date: '1989-09-12' });
    expect(await get(userId)).toMatchObject({
      fallback_time_zone: { id: 'Europe/London' },
      fallback_birth_date: { value: '1989-09-12' },
      ingestion_start: null,
      ingestion_end: null,
    });
  });

  test('moves a user to another client user id: the old one is free, the new one is theirs, connections tell it', async () => {
    const userId = await app.newUser('before');
    const { _id } = await world.services.connections.ensure(sampleConnection({ teamId: app.teamId, userId }));
    expect((await patch(userId, { client_user_id: 'after' })).status).toBe(204);
    expect((await patch(userId, { client_user_id: 'after' })).status).toBe(204);

    expect((await resolve('after')).body.user_id).toBe(userId);
    expect((await resolve('before')).status).toBe(404);
    expect(await app.newUser('before')).not.toBe(userId);
    expect((await world.services.connections.byId(app.teamId, _id))?.clientUserId).toBe('after');
  });

  test('of many at once who want one client user id, one gets it', async () => {
    const users = await Promise.all(Array.from({ length: 8 }, () => app.newUser()));
    const answers = await Promise.all(users.map((userId) => patch(userId, { client_user_id: 'wanted' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array.from({ length: 7 }, () => 409)]);
    const winner = users[answers.findIndex(({ status }) => status === 204)];
    expect((await resolve('wanted')).body.user_id).toBe(winner);
  });

  test('a client user id taken is refused as Vital does', async () => {
    const [userId] = [await app.newUser(), await app.newUser('taken')];
    const answer = await patch(userId, { client_user_id: 'taken' });
    expect([answer.status, answer.body]).toEqual([409, { detail: 'Client user id already exists' }]);
  });

  test('changes at once all come through', async () => {
    const userId = await app.newUser();
    const bodies = [
      { fallback_time_zone: 'UTC' },
      { fallback_birth_date: '2000-01-01' },
      { ingestion_start: '2026-01-01' },
      { client_user_id: 'at once' },
    ];
    const answers = await Promise.all(bodies.map((body) => patch(userId, body)));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 204));
    expect(await get(userId)).toMatchObject({
      client_user_id: 'at once',
      fallback_time_zone: { id: 'UTC' },
      fallback_birth_date: { value: '2000-01-01' },
      ingestion_start: '2026-01-01',
    });
  });

  test('sixty at once of one user all come through', async () => {
    const userId = await app.newUser();
    const days = Array.from({ length: 60 }, (_, index) => `2000-01-${String((index % 31) + 1).padStart(2, '0')}`);
    const answers = await Promise.all(days.map((day) => patch(userId, { fallback_birth_date: day })));
    expect(answers.filter(({ status }) => status !== 204)).toEqual([]);
  });

  test.each([
    ['US/PACIFIC', 'US/Pacific'],
    ['europe/kyiv', 'Europe/Kyiv'],
    ['asia/calcutta', 'Asia/Calcutta'],
    ['utc', 'UTC'],
  ])('keeps the time zone %s as %s: however it is written, as IANA spells it', async (given, kept) => {
    const userId = await app.newUser();
    expect((await patch(userId, { fallback_time_zone: given })).status).toBe(204);
    expect((await get(userId)).fallback_time_zone.id).toBe(kept);
  });

  test.each(['BST', 'PST', 'IST', 'ECT', 'SystemV/PST8PDT', '+05:00', 'constructor', ''])(
    'takes %j for no time zone: it is none of IANA’s, whatever Intl makes of it',
    async (zone) => {
      const answer = await patch(await app.newUser(), { fallback_time_zone: zone });
      expect([answer.status, answer.body.detail[0].msg]).toEqual([422, `Value error, Invalid IANA time zone: ${zone}`]);
    },
  );

  test.each([[{}], [{ nothing: 'we know' }]])('%j is nothing to patch', async (body) => {
    const answer = await patch(await app.newUser(), body);
    expect([answer.status, answer.body]).toEqual([400, { detail: 'Nothing to patch' }]);
  });

  test.each([
    [{ client_user_id: null }, 'client_user_id', 'Value error, client_user_id is not a field that can be reset to null.'],
    [{ client_user_id: '' }, 'client_user_id', expect.any(String)],
    [{ fallback_time_zone: 'Mars/Olympus' }, 'fallback_time_zone', 'Value error, Invalid IANA time zone: Mars/Olympus'],
    [{ ingestion_end: '2026-13-01' }, 'ingestion_end', expect.any(String)],
    [{ ingestion_end: '1999-12-31' }, 'ingestion_end', 'Value error, ingestion_end is before ingestion_start'],
  ])('%j is refused by name, and nothing is changed', async (body, field, msg) => {
    const userId = await app.newUser();
    await patch(userId, { ingestion_start: '2000-01-01' });
    const before = await get(userId);
    const answer = await patch(userId, { fallback_birth_date: '2001-01-01', ...body });
    expect([answer.status, answer.body.detail[0].loc, answer.body.detail[0].msg]).toEqual([422, ['body', field], msg]);
    expect(await get(userId)).toEqual(before);
  });
});

describe('a deleted user', () => {
  test('is gone from every reader at once, and each says so in Vital’s words', async () => {
    const fresh = await world.newApp();
    const userId = await fresh.newUser('gone');
    await world.services.connections.ensure(sampleConnection({ teamId: fresh.teamId, userId }));
    expect(await fresh.call('DELETE', `/v2/user/${userId}`)).toMatchObject({ status: 200, body: { success: true } });

    const told = async (method: string, path: string, body?: unknown) => {
      const answer = await fresh.call(method, path.replace('{id}', userId), body === undefined ? {} : { body });
      return [answer.status, answer.body.detail];
    };
    expect(await told('GET', '/v2/user/{id}')).toEqual([404, 'You have scheduled this user for deletion.']);
    expect(await told('PATCH', '/v2/user/{id}', { ingestion_end: null })).toEqual([404, GONE]);
    expect(await told('DELETE', '/v2/user/{id}')).toEqual([404, GONE]);
    expect(await told('GET', '/v2/user/resolve/gone')).toEqual([404, 'User not found']);
    expect(await told('GET', '/v2/user/providers/{id}')).toEqual([404, 'Not found']);
    expect(await told('GET', '/v2/timeseries/{id}/glucose/grouped?start_date=2026-01-01')).toEqual([404, 'Not found']);
    for (const resource of ['glucose', 'note/grouped'])
      expect(await told('GET', `/v2/timeseries/{id}/${resource}?start_date=2026-01-01`)).toEqual([404, 'Not found']);
    expect(await told('GET', '/v2/user/{id}/device')).toEqual([404, 'Not found']);
    expect(await told('POST', '/v2/user/{id}/sign_in_token')).toEqual([404, 'Not found']);
    expect(await told('GET', '/v2/introspect/resources?user_id={id}')).toEqual([404, 'Not found']);
    expect(await told('GET', '/v2/introspect/historical_pull?user_id={id}')).toEqual([404, 'Not found']);
    expect(await told('DELETE', '/v2/user/{id}/dexcom_v3')).toEqual([404, UNKNOWN]);
    expect((await told('POST', '/v2/user/refresh/{id}'))[0]).toBe(404);
    expect((await told('POST', '/v2/link/token', { user_id: userId }))[0]).toBe(404);
    expect((await fresh.call('GET', '/v2/user')).body).toMatchObject({ users: [], total: 0 });
    expect((await fresh.call('GET', '/v2/introspect/resources')).body.data).toEqual([]);
    for (const id of [userId, 'gone']) expect((await fresh.call('GET', `/v2/team/users/search?query_id=${id}`)).body).toEqual([]);
  });

  test('has no connection and no token left when the answer comes, and is on the way to be erased in seven days', async () => {
    const userId = await app.newUser();
    const { _id } = await world.services.connections.ensure(sampleConnection({ teamId: app.teamId, userId }));
    await remove(userId);
    expect(await world.services.connections.byId(app.teamId, _id)).toMatchObject({ desired: 'disconnected', tokensLeft: false });
    expect(await world.services.erasures.isRunning(userId)).toBe(true);
    const { scheduledAt = 0, eraseAt } = (await world.services.users.byIdEvenDeleted(app.teamId, userId))?.deletion ?? {};
    expect(eraseAt).toBe(scheduledAt + 7 * 86_400_000);
  });

  test.each(['user_id', 'client_user_id'])('comes back by its %s, without its connections', async (by) => {
    const clientUserId = randomUUID();
    const userId = await app.newUser(clientUserId);
    await world.services.connections.ensure(sampleConnection({ teamId: app.teamId, userId }));
    await remove(userId);
    const query = by === 'user_id' ? `user_id=${userId}` : `client_user_id=${clientUserId}`;
    expect(await undo(query)).toMatchObject({ status: 200, body: { success: true } });

    expect(await get(userId)).toMatchObject({ user_id: userId, client_user_id: clientUserId, connected_sources: [] });
    expect((await resolve(clientUserId)).body.user_id).toBe(userId);
    expect((await undo(query)).status).toBe(404);
    expect((await remove(userId)).status).toBe(200);
  });

  test('does not come back once its client user id is somebody else’s', async () => {
    const userId = await app.newUser('reused');
    await remove(userId);
    const successor = await app.newUser('reused');
    expect(successor).not.toBe(userId);
    expect((await undo(`user_id=${userId}`)).status).toBe(404);
    expect((await undo('client_user_id=reused')).status).toBe(404);
    expect((await resolve('reused')).body.user_id).toBe(successor);
  });

  test('does not come back in the place of their successor, who is deleted too: nobody does until the successor is asked for', async () => {
    const userId = await app.newUser('inherited twice');
    await remove(userId);
    const successor = await app.newUser('inherited twice');
    await remove(successor);
    expect((await undo(`user_id=${userId}`)).status).toBe(404);
    expect((await resolve('inherited twice')).status).toBe(404);
    expect((await undo('client_user_id=inherited%20twice')).status).toBe(200);
    expect((await resolve('inherited twice')).body.user_id).toBe(successor);
  });

  test('gives its client user id to one of many', async () => {
    await remove(await app.newUser('inherited'));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.call('POST', '/v2/user', { body: { client_user_id: 'inherited' } })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
    expect(new Set(answers.map(({ body }) => body.user_id ?? body.detail.user_id)).size).toBe(1);
  });

  test.each([
    ['nothing', ''],
    ['both ids', `user_id=${randomUUID()}&client_user_id=x`],
    ['an id that is none', 'user_id=x'],
  ])('to undo by %s is refused', async (_, query) => {
    expect((await undo(query)).status).toBe(422);
  });

  test.each([
    ['PATCH', { ingestion_end: null }],
    ['DELETE', undefined],
  ])('%s of nobody, or of another team’s, is not found', async (method, body) => {
    const other = await world.newApp();
    for (const userId of [randomUUID(), await other.newUser()]) {
      const answer = await app.call(method, `/v2/user/${userId}`, body ? { body } : {});
      expect([answer.status, answer.body]).toEqual([404, { detail: UNKNOWN }]);
    }
  });
});
