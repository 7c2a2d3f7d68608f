import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/storage/database';
import { Messages } from '../../src/storage/messages';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { messageId } from '../../src/webhooks/messageId';
import { recordMessage, recordMessages } from '../../src/webhooks/recordMessage';
import { freshDatabase } from '../storage/freshDatabase';
import { gatedDb } from '../sync/gatedDb';
import { anEndpoint } from './samples';

describe('a recorded event', () => {
  let database: Database;
  let outbox: { messages: Messages; endpoints: WebhookEndpoints };
  const teamId = randomUUID();
  const connectionId = randomUUID();
  const event = (type: string, ...told: string[]) => ({
    id: messageId(type, ...told),
    teamId,
    userId: randomUUID(),
    connectionId,
    type,
    body: JSON.stringify({ event_type: type }),
  });

  beforeEach(async () => {
    database = await freshDatabase();
    outbox = { messages: new Messages(database.db), endpoints: new WebhookEndpoints(database.db) };
  });
  afterEach(() => database.close());

  const stored = async (id: string) => (await outbox.messages.read(teamId, [id]))[0];

  test('goes to the team’s endpoints that want its type now, and to nobody else’s', async () => {
    const all = anEndpoint({ teamId });
    const some = anEndpoint({ teamId, filterTypes: ['daily.data.glucose.created'], environment: 'sandbox' });
    const others = [anEndpoint({ teamId, filterTypes: ['daily.data.glucose'] }), anEndpoint({ teamId, disabled: true }), anEndpoint({})];
    for (const endpoint of [all, some, ...others]) await outbox.endpoints.insert(endpoint);

    const daily = event('daily.data.glucose.created', 'news');
    await recordMessage(outbox, daily);
    const message = await stored(daily.id);
    expect(message).toMatchObject({ dispatched: false });
    expect(JSON.parse(message?.body ?? '')).toEqual({ ...JSON.parse(daily.body), sequence: expect.any(Number) });
    expect(new Set(message?.targets)).toEqual(new Set([all._id, some._id]));
  });

  test('goes to an endpoint that is enabled while its recorder is held up, too', async () => {
    const endpoint = anEndpoint({ teamId, disabled: true });
    const other = anEndpoint({ teamId });
    for (const each of [endpoint, other]) await outbox.endpoints.insert(each);
    const scope = { teamId, environment: endpoint.environment };
    const db = gatedDb(database.db, async (_, name) => {
      if (name === 'messages.insertMany') await outbox.endpoints.change(scope, endpoint._id, { disabled: false }, Date.now());
    });
    const daily = event('daily.data.glucose.created', 'held up');
    await recordMessages({ messages: new Messages(db), endpoints: new WebhookEndpoints(db) }, teamId, [daily], 0);
    expect(await stored(daily.id)).toMatchObject({ targets: [other._id, endpoint._id], dispatched: false });
  });

  test('goes by wildcards, and to those who ask for one person only if it is told of them', async () => {
    const ada = randomUUID();
    const daily = anEndpoint({ teamId, filterTypes: ['daily.data.*'] });
    const hers = anEndpoint({ teamId, userIds: [ada] });
    const others = [
      anEndpoint({ teamId, filterTypes: ['daily.data', 'provider.*'] }),
      anEndpoint({ teamId, userIds: [randomUUID()] }),
      anEndpoint({ teamId, userIds: [] }),
    ];
    for (const endpoint of [daily, hers, ...others]) await outbox.endpoints.insert(endpoint);

    const told = { ...event('daily.data.glucose.created', 'of ada'), userId: ada };
    await recordMessage(outbox, told);
    expect(new Set((await stored(told.id))?.targets)).toEqual(new Set([daily._id, hers._id]));
  });

  test('goes to an endpoint that an older release has registered', async () => {
    const { _id, ...endpoint } = anEndpoint({ teamId });
    const later = ['userIds', 'payload', 'nextPostAt', 'disabledAt', 'catchUp', 'formerSecrets', 'headers'];
    const older = Object.fromEntries(Object.entries(endpoint).filter(([name]) => !later.includes(name)));
    await database.db.collection<{ _id: string }>('webhook_endpoints').insertOne({ _id, ...older });
    expect(await outbox.endpoints.get({ teamId }, _id)).toEqual({ _id, ...endpoint });

    const daily = event('daily.data.glucose.created', 'after an upgrade');
    await recordMessage(outbox, daily);
    expect((await stored(daily.id))?.targets).toEqual([_id]);
  });

  test('that nobody wants is done with, and kept', async () => {
    const lonely = event('provider.connection.created', 'consent');
    await recordMessage(outbox, lonely);
    expect(await stored(lonely.id)).toMatchObject({ targets: [], dispatched: true });
  });

  test('is there once, however often and by how many it is recorded: the first one’s body and targets stand', async () => {
    const first = anEndpoint({ teamId });
    await outbox.endpoints.insert(first);
    const one = event('daily.data.glucose.created', 'news');
    await recordMessage(outbox, one);
    await outbox.messages.markDispatched(teamId, [one.id]);
    const body = (await stored(one.id))?.body;
    await outbox.endpoints.insert(anEndpoint({ teamId }));
    await Promise.all(Array.from({ length: 8 }, () => recordMessage(outbox, { ...one, body: '{"another":true}' })));
    expect(await stored(one.id)).toMatchObject({ targets: [first._id], body, dispatched: true });
  });

  test('too long to be posted goes without its list, and says so', async () => {
    const long = event('daily.data.glucose.created', 'long');
    const data = { user_id: 'u', data: Array(3_000).fill({ text: 'x'.repeat(100) }) };
    await recordMessage(outbox, { ...long, body: JSON.stringify({ event_type: long.type, data }) });
    const body = (await stored(long.id))?.body ?? '';
    expect(JSON.parse(body)).toEqual({
      event_type: long.type,
      sequence: expect.any(Number),
      data: { user_id: 'u', data: [], truncated: true },
    });
  });

  test('keeps its place among others of one call', async () => {
    await outbox.endpoints.insert(anEndpoint({ teamId }));
    const news = Array.from({ length: 20 }, (_, n) => event('daily.data.glucose.created', String(n)));
    await recordMessages(outbox, teamId, news);
    const found = await outbox.messages.undispatchedOf(connectionId, 100);
    expect(found.map(({ _id }) => _id)).toEqual(news.map(({ id }) => id));
    const numbers = found.map(({ sequence }) => sequence ?? 0);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(found.map(({ body }) => JSON.parse(body).sequence)).toEqual(numbers);
    expect(await outbox.messages.countUndispatchedOf({ teamId, _id: connectionId })).toBe(20);
  });
});
