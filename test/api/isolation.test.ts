import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { createTeam } from '../../src/admin/createTeam';
import { dayId } from '../../src/storage/glucoseDays';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let [ours, theirs]: App[] = [];
let userId: string;
const AT = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  world = await openApiWorld();
  [ours, theirs] = [await world.newApp(), await world.newApp()];
  userId = await ours.newUser('canary-client-id');
  const connection = sampleConnection({ teamId: ours.teamId, userId });
  const backfill = { ...connection.backfill, floor: AT };
  await world.services.connections.ensure({ ...connection, backfill });
  const day = {
    _id: dayId(connection._id, AT),
    teamId: ours.teamId,
    userId,
    connectionId: connection._id,
    version: 1,
    pullSeq: 1,
    unpublished: false,
  };
  await world.services.glucoseDays.write({ ...day, readings: [readingAt(AT, { recordId: 'canary-record' })] });
});
afterAll(() => world?.close());

const onUser = [
  ['GET', '/v2/user/{id}'],
  ['GET', '/v2/user/resolve/canary-client-id'],
  ['GET', '/v2/user/providers/{id}'],
  ['POST', '/v2/user/refresh/{id}'],
  ['POST', '/v2/user/{id}/sign_in_token'],
  ['POST', '/v2/user/{id}/dexcom_v3/pause'],
  ['POST', '/v2/user/{id}/dexcom_v3/resume'],
  ['DELETE', '/v2/user/{id}/dexcom_v3'],
  ['GET', '/v2/timeseries/{id}/glucose/grouped?start_date=2026-01-01'],
  ['GET', '/v2/timeseries/{id}/glucose?start_date=2026-01-01'],
  ['GET', '/v2/timeseries/{id}/insulin_injection/grouped?start_date=2026-01-01'],
  ['GET', '/v2/timeseries/{id}/carbohydrates/grouped?start_date=2026-01-01'],
  ['GET', '/v2/timeseries/{id}/note/grouped?start_date=2026-01-01'],
  ['GET', '/v2/timeseries/{id}/workout_duration/grouped?start_date=2026-01-01'],
  ['GET', '/v2/user/{id}/device'],
  ['GET', '/v2/user/{id}/device/00000000-0000-4000-8000-000000000000'],
  ['GET', '/v2/introspect/resources?user_id={id}'],
  ['GET', '/v2/introspect/historical_pull?user_id={id}'],
] as const;

describe('another team', () => {
  test.each(onUser)('does not find our user at %s %s, nor hears that there is one', async (method, path) => {
    const answer = await theirs?.call(method, path.replace('{id}', userId));
    const ofNobody = await theirs?.call(method, path.replace('{id}', randomUUID()).replace('canary-client-id', 'nobody'));
    expect(answer?.status).toBe(404);
    expect(answer?.body).toEqual(ofNobody?.body);
    expect((await world.services.connections.ofUser(ours?.teamId ?? '', userId))[0]?.desired).toBe('running');
  });

  test('cannot begin a link for our user', async () => {
    const answer = await theirs?.call('POST', '/v2/link/token', { body: { user_id: userId } });
    const ofNobody = await theirs?.call('POST', '/v2/link/token', { body: { user_id: randomUUID() } });
    expect([answer?.status, answer?.body]).toEqual([404, ofNobody?.body]);
    expect(await world.db.collection('link_sessions').countDocuments({ userId })).toBe(0);
  });

  test.each(['/v2/user', '/v2/introspect/resources', '/v2/introspect/historical_pull'])('sees nothing of ours in %s', async (path) => {
    await theirs?.newUser();
    const answer = await theirs?.call('GET', path);
    expect(answer?.status).toBe(200);
    expect(JSON.stringify(answer?.body)).not.toMatch(new RegExp(`${userId}|${ours?.teamId}|canary`));
  });

  test('every route with a user in it is among these', async () => {
    const { paths } = (await ours?.call('GET', '/openapi.json'))?.body ?? {};
    const isOffered = (path: string) => Object.values<{ summary?: string }>(paths[path]).some(({ summary }) => summary !== 'Not offered');
    const withUser = Object.keys(paths).filter((path) => /\{(client_)?user_id\}/.test(path) && isOffered(path));
    const tried = onUser.map(([, path]) =>
      path
        .split('?')[0]
        ?.replace('{id}', '{user_id}')
        .replace('canary-client-id', '{client_user_id}')
        .replace(/0{8}-[-048]+/, '{device_id}'),
    );
    expect(withUser.map((path) => path.replace('{provider}', 'dexcom_v3')).filter((path) => !tried.includes(path))).toEqual([]);
  });
});

describe('a team of the same organisation', () => {
  const webhooksOf = ({ orgId, teamId }: { orgId: string; teamId: string }) => `/v1/org/${orgId}/team/${teamId}/production/webhook`;

  test('does not open our webhooks with its key; a management key opens both, another organisation’s neither', async () => {
    const sister = await createTeam(world.services.teams, { name: 'sister', redirectUrl: [], org: ours?.orgId ?? '' });
    const { key: sistersKey } = await createKey(world.services, { team: sister.teamId, label: '' });
    const { key: management } = await createKey(world.services, { management: true, org: sister.orgId, label: '' });
    const { key: foreign } = await createKey(world.services, { management: true, org: theirs?.orgId ?? '', label: '' });
    const ask = async (path: string, headers: Record<string, string>) => (await send(world.url, 'GET', path, undefined, headers)).status;
    const our = { orgId: ours?.orgId ?? '', teamId: ours?.teamId ?? '' };

    expect(await ask(webhooksOf(our), { 'x-vital-api-key': ours?.apiKey ?? '' })).toBe(200);
    expect(await ask(webhooksOf(sister), { 'x-vital-api-key': sistersKey })).toBe(200);
    expect(await ask(webhooksOf(our), { 'x-vital-api-key': sistersKey })).toBe(404);
    expect(await ask(webhooksOf({ ...sister, orgId: theirs?.orgId ?? '' }), { 'x-vital-api-key': sistersKey })).toBe(404);
    for (const team of [our, sister]) {
      expect(await ask(webhooksOf(team), { 'x-management-key': management })).toBe(200);
      expect(await ask(webhooksOf(team), { 'x-vital-org-key': management })).toBe(200);
      expect(await ask(webhooksOf(team), { 'x-management-key': foreign })).toBe(404);
      expect(await ask(webhooksOf(team), { 'x-management-key': sistersKey })).toBe(403);
    }
  });
});
