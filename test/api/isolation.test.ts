import { randomUUID } from 'node:crypto';
import { dayId } from '../../src/storage/glucoseDays';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';

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
  ['POST', '/v2/user/{id}/dexcom_v3/pause'],
  ['POST', '/v2/user/{id}/dexcom_v3/resume'],
  ['DELETE', '/v2/user/{id}/dexcom_v3'],
  ['GET', '/v2/timeseries/{id}/glucose/grouped?start_date=2026-01-01'],
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
    expect(answer?.status).toBe(404);
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
    const withUser = Object.keys(paths).filter((path) => path.includes('{user_id}') || path.includes('{client_user_id}'));
    const tried = onUser.map(([, path]) =>
      path.split('?')[0]?.replace('{id}', '{user_id}').replace('canary-client-id', '{client_user_id}'),
    );
    expect(withUser.map((path) => path.replace('{provider}', 'dexcom_v3')).filter((path) => !tried.includes(path))).toEqual([]);
  });
});
