import { randomUUID } from 'node:crypto';
import { appendLeft } from '../../src/feed/appendLeft';
import { purgeFeeds } from '../../src/feed/purgeFeeds';
import type { MessageDoc } from '../../src/storage/messages';
import { aMessage } from '../webhooks/samples';
import { type Answer, type ApiWorld, type App, openApiWorld } from './apiWorld';

const DAY_MS = 86_400_000;

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
});
beforeEach(async () => {
  app = await world.newApp();
});
afterAll(() => world?.close());

const CONSUMER = '/v2/events/consumers/warehouse';
const get = (query = '', path = '/v2/events'): Promise<Answer> => app.call('GET', `${path}${query}`);
const behind = ({ body }: Answer, more = ''): string => `?after=${encodeURIComponent(body.cursor)}${more}`;
const idsOf = ({ body }: Answer): string[] => body.data.map(({ id }: { id: string }) => id);
const put = (body: object): Promise<Answer> => app.call('PUT', CONSUMER, { body });
const acknowledge = ({ body }: Answer): Promise<Answer> => app.call('POST', `${CONSUMER}/acknowledge`, { body: { cursor: body.cursor } });

/** Recorded in the order given, a millisecond apart. @returns their ids */
async function record(...given: readonly Partial<MessageDoc>[]): Promise<string[]> {
  const messages = given.map((one, n) => aMessage({ teamId: app.teamId, createdAt: Date.now() - 10_000 + n, ...one }));
  for (const message of messages) await world.services.feed.messages.insert(message);
  return messages.map(({ _id }) => _id);
}

describe('the feed', () => {
  test('has every event of the team as endpoints get it, in one order, page by page', async () => {
    const body = '{"event_type":"daily.data.glucose.created","n":5.50}';
    const ids = await record({ body }, {}, {}, {}, {});
    const first = await get('?limit=2');
    expect(first.body).toMatchObject({ data: [{ id: ids[0], type: 'daily.data.glucose.created', body: { n: 5.5 } }, {}], has_more: true });
    expect(first.body.data[0].created_at).toMatch(/^\d{4}-.*\+00:00$/);
    const second = await get(behind(first, '&limit=2'));
    const third = await get(behind(second, '&limit=2'));
    expect([first, second, third].flatMap(idsOf)).toEqual(ids);
    expect(third.body.has_more).toBe(false);

    const [late] = await record({ createdAt: Date.now() - DAY_MS });
    expect(idsOf(await get(behind(third)))).toEqual([late]);
    expect(idsOf(await get())).toEqual([...ids, late]);
  });

  test('shows one event by its id, as it stands in the feed, and no other team’s', async () => {
    const [id] = await record({ body: '{"event_type":"daily.data.glucose.created","n":5.50}' }, {});
    expect((await get('', `/v2/events/${id}`)).body).toEqual((await get('?limit=1')).body.data[0]);
    const other = await world.newApp();
    expect((await other.call('GET', `/v2/events/${id}`)).status).toBe(404);
    expect((await get('', '/v2/events/msg_0')).status).toBe(404);
  });

  test('has nothing of another team, and another team’s cursor is none', async () => {
    const theirs = app;
    await record({}, {});
    const foreign = await get('?limit=1');
    app = await world.newApp();
    expect((await get()).body).toMatchObject({ data: [], has_more: false });
    const answers = [await get(behind(foreign)), await app.call('PUT', CONSUMER, { body: { cursor: foreign.body.cursor } })];
    expect(answers.map(({ status, body }) => [status, body.detail[0].loc])).toEqual([
      [422, ['query', 'after']],
      [422, ['body', 'cursor']],
    ]);
    expect((await theirs.call('GET', `/v2/events${behind(foreign)}`)).body.data).toHaveLength(1);
  });

  test('is filtered by types with wildcards and by person, and its cursor passes over the rest', async () => {
    const userId = randomUUID();
    const [, created, updated, error] = await record(
      { type: 'historical.data.glucose.created' },
      { type: 'daily.data.glucose.created', userId },
      { type: 'daily.data.glucose.updated' },
      { type: 'provider.connection.error', userId },
    );
    expect(idsOf(await get('?types=daily.data.*'))).toEqual([created, updated]);
    expect(idsOf(await get(`?types=daily.data.*,provider.connection.error&user_id=${userId}`))).toEqual([created, error]);
    expect(idsOf(await get('?types=daily'))).toEqual([]);
    const nothing = await get('?types=none.*');
    expect([idsOf(nothing), nothing.body.has_more]).toEqual([[], false]);
    expect(idsOf(await get(behind(nothing)))).toEqual([]);
    const first = await get('?types=daily.data.*&limit=1');
    expect(idsOf(await get(behind(first, '&types=daily.data.*&limit=1')))).toEqual([updated]);
  });

  test.each(['types=daily.*.x', 'types=', 'types=a,,b', 'limit=0', 'limit=251', 'wait=31', 'user_id=me', 'after=made-up', 'after='])(
    'refuses %s by name',
    async (query) => {
      const { status, body } = await get(`?${query}`);
      expect([status, body.detail[0].loc]).toEqual([422, ['query', query.split('=')[0]]]);
    },
  );

  test('an erased person’s events are gone from it, and every cursor goes on', async () => {
    const userId = randomUUID();
    const [first, gone, , last] = await record({}, { userId }, { userId }, {});
    const before = await get('?limit=2');
    expect(idsOf(before)).toEqual([first, gone]);
    const theirs = await world.services.feed.messages.ofUser(app.teamId, userId, 10);
    await world.services.feed.messages.erase(
      app.teamId,
      theirs.map(({ _id }) => _id),
    );
    expect(idsOf(await get(behind(before)))).toEqual([last]);
    expect(idsOf(await get())).toEqual([first, last]);
  });

  test('whoever waits is answered as soon as there is something they want; who has gone is not waited for', async () => {
    const start = await get();
    const gone = new AbortController();
    const left = fetch(`${world.url}/v2/events?wait=30`, { headers: { 'x-vital-api-key': app.apiKey }, signal: gone.signal });
    const wanted = get(behind(start, '&wait=30&types=daily.*'));
    await record({ type: 'provider.connection.error' });
    const [id] = await record({ type: 'daily.data.glucose.created' });
    expect(idsOf(await wanted)).toEqual([id]);
    gone.abort();
    await left.catch(() => undefined);
    expect((await get(behind(await wanted, '&wait=1'))).body).toMatchObject({ data: [], has_more: false });
  });
});

describe('a consumer', () => {
  test('that has never read is seen to fall behind', async () => {
    expect((await put({})).body.behind).toBe(0);
    await record({}, {}, {});
    // What the repair does every minute.
    await appendLeft(world.services.feed);
    expect((await get('', '/v2/events/consumers')).body.data).toEqual([expect.objectContaining({ name: 'warehouse', behind: 3 })]);
  });

  test('goes on behind what it has acknowledged, however often it reads', async () => {
    const ids = await record({}, {}, {});
    expect((await put({})).body).toMatchObject({ name: 'warehouse', acknowledged_at: null });
    await get();
    const first = await get('?limit=2', CONSUMER);
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(idsOf(await get('?limit=2', CONSUMER))).toEqual(ids.slice(0, 2));
    expect((await acknowledge(first)).body).toMatchObject({ behind: 1, acknowledged_at: expect.any(String) });
    const second = await get('', CONSUMER);
    expect(idsOf(second)).toEqual(ids.slice(2));
    expect((await acknowledge(second)).body.behind).toBe(0);
    expect((await acknowledge(first)).body.behind).toBe(0);
    expect(idsOf(await get('', CONSUMER))).toEqual([]);
  });

  test('is put back to an instant, or to a cursor, and what it read before acknowledges nothing any more', async () => {
    const now = Date.now();
    const [, day, hour] = await record({ createdAt: now - 2 * DAY_MS }, { createdAt: now - DAY_MS }, { createdAt: now - 3_600_000 });
    expect((await put({ since: new Date(now).toISOString() })).status).toBe(200);
    expect(idsOf(await get('', CONSUMER))).toEqual([]);
    await put({ since: new Date(now - DAY_MS).toISOString() });
    const read = await get('', CONSUMER);
    expect(idsOf(read)).toEqual([day, hour]);
    await put({ cursor: (await get('?limit=2')).body.cursor });
    expect(await acknowledge(read)).toMatchObject({ status: 409 });
    expect(idsOf(await get('', CONSUMER))).toEqual([hour]);
    expect((await put({ cursor: 'x', since: new Date(now).toISOString() })).status).toBe(422);
  });

  test('is listed and forgotten; nobody acknowledges for one that is not there, or with another’s cursor', async () => {
    await record({});
    await put({});
    const read = await get('', CONSUMER);
    await app.call('PUT', '/v2/events/consumers/another', { body: {} });
    const wrong = await app.call('POST', '/v2/events/consumers/another/acknowledge', { body: { cursor: read.body.cursor } });
    expect([wrong.status, wrong.body.detail[0].loc]).toEqual([422, ['body', 'cursor']]);
    expect((await acknowledge(await get())).status).toBe(422);

    const { body } = await get('?limit=1', '/v2/events/consumers');
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['another']);
    const next = await get(`?next_cursor=${encodeURIComponent(body.next_cursor)}`, '/v2/events/consumers');
    expect(next.body).toMatchObject({ data: [{ name: 'warehouse', behind: 1 }], next_cursor: null });
    expect((await app.call('DELETE', CONSUMER)).status).toBe(204);
    expect([(await app.call('DELETE', CONSUMER)).status, (await get('', CONSUMER)).status, (await acknowledge(read)).status]).toEqual([
      404, 404, 404,
    ]);
  });
});

describe('what is kept no more', () => {
  /** As if everything had been appended so long ago. */
  const aged = (days: number) =>
    world.db.collection('feed').updateMany({ teamId: app.teamId, position: { $lte: 2 } }, { $set: { at: Date.now() - days * DAY_MS } });

  test('makes a cursor before it 410, with the oldest that is good, purged already or not', async () => {
    const [, , third, fourth] = await record({}, {}, {}, {});
    const start = await get('?limit=1');
    await put({});
    await get(behind(start));
    await aged(31);
    for (const purge of [async () => 0, () => purgeFeeds(world.services.feed)]) {
      await purge();
      const answers = [await get(behind(start)), await get('', CONSUMER)];
      for (const { status, body } of answers) {
        expect([status, body.detail.error_type]).toEqual([410, 'CURSOR_EXPIRED']);
        expect(idsOf(await get(`?after=${encodeURIComponent(body.detail.oldest_cursor)}`))).toEqual([third, fourth]);
      }
      expect(idsOf(await get())).toEqual([third, fourth]);
    }
  });

  /** As from a backup made when the feed ended there. */
  async function restore(position: number): Promise<void> {
    for (const name of ['feed', 'messages'])
      await world.db.collection(name).deleteMany({ teamId: app.teamId, position: { $gt: position } });
  }

  test.each([
    ['ends before it', 1],
    ['has grown up to it, by the same event in its place', 2],
    ['has grown past it', 3],
  ])('a cursor from before the database was restored is told as well, where the feed %s', async (_, recorded) => {
    const again = `msg_${randomUUID()}`;
    const [first] = await record({}, {}, { _id: again });
    await get();
    const placed = await put({ since: new Date().toISOString() });
    await put({});
    const [listed, read] = [await get(), await get('', CONSUMER)];
    await restore(1);
    const others = await record(...[{}, { _id: again }, {}].slice(0, recorded));
    expect(idsOf(await get())).toEqual([first, ...others]);

    await acknowledge(read);
    for (const { status, body } of [await get(behind(listed)), await get(behind(placed)), await get('', CONSUMER)]) {
      expect([status, body.detail?.error_type]).toEqual([410, 'CURSOR_EXPIRED']);
      expect(idsOf(await get(`?after=${encodeURIComponent(body.detail.oldest_cursor)}`))).toEqual([first, ...others]);
    }
  });
});
