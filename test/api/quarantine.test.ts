import { randomUUID } from 'node:crypto';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { MOST_KEPT_A_DAY } from '../../src/storage/quarantine';
import { sampleConnection } from '../storage/sampleConnection';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

const SEEN_AT = Date.parse('2026-11-20T12:00:00.400Z');
const record = (n: number) => ({ raw: `{"recordId":"r${n}","systemTime":"yesterday"}`, reason: 'systemTime cannot be read' });
const pathOf = ({ _id }: ConnectionDoc): string => `/v2/introspect/quarantine/${_id}`;

/** @param instants when each record was seen */
async function connectionWith(instants: readonly number[]): Promise<ConnectionDoc> {
  const connection = sampleConnection({ teamId: app.teamId, userId: await app.newUser() });
  await world.services.connections.ensure(connection);
  for (const [n, seenAt] of instants.entries())
    await world.services.quarantine.keep({ teamId: app.teamId, connectionId: connection._id, recordType: 'egv', seenAt }, [record(n)]);
  return connection;
}

async function pages(connection: ConnectionDoc, limit: number): Promise<{ raw: string }[][]> {
  const all: { raw: string }[][] = [];
  for (let cursor = ''; ; ) {
    const { status, body } = await app.call('GET', `${pathOf(connection)}?limit=${limit}${cursor && `&next_cursor=${cursor}`}`);
    expect(status).toBe(200);
    all.push(body.data);
    if (body.next_cursor === null) return all;
    cursor = encodeURIComponent(body.next_cursor);
  }
}

test('a record that could not be read is shown with its reason and its JSON as sent', async () => {
  const connection = await connectionWith([SEEN_AT]);
  expect((await app.call('GET', pathOf(connection))).body).toEqual({
    data: [
      {
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        record_type: 'egv',
        reason: 'systemTime cannot be read',
        raw: '{"recordId":"r0","systemTime":"yesterday"}',
        seen_at: '2026-11-20T12:00:00+00:00',
      },
    ],
    next_cursor: null,
    not_kept: 0,
  });
});

test('how often records came beyond what a day may have is told beside those kept', async () => {
  const connection = await connectionWith([]);
  const found = { teamId: app.teamId, connectionId: connection._id, recordType: 'egv', seenAt: SEEN_AT } as const;
  const records = Array.from({ length: MOST_KEPT_A_DAY + 2 }, (_, n) => record(n));
  await world.services.quarantine.keep(found, records);
  expect((await app.call('GET', pathOf(connection))).body).toMatchObject({ not_kept: 2 });
});

test.each([1, 2, 3, 250])('pages of %i show each once, latest first, many of one instant too', async (limit) => {
  const connection = await connectionWith([1, 2, 2, 2, 2, 3, 3].map((n) => SEEN_AT + n));
  const shown = (await pages(connection, limit)).flat().map(({ raw }) => raw);
  expect(shown.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => record(n).raw));
  expect(new Set(shown.slice(0, 2))).toEqual(new Set([record(5).raw, record(6).raw]));
  expect(shown.at(-1)).toBe(record(0).raw);
});

test('introspection counts them, and says none where there are none', async () => {
  const counted = async ({ userId }: ConnectionDoc) =>
    (await app.call('GET', `/v2/introspect/resources?user_id=${userId}`)).body.data[0].provider.dexcom_v3.glucose.quarantined;
  expect(await counted(await connectionWith([1, 1, 2]))).toBe(3);
  expect(await counted(await connectionWith([]))).toBe(0);
});

test('those of a connection that has ended stay to be seen; those of a deleted user do not', async () => {
  const connection = await connectionWith([1]);
  await world.services.connections.setDesired(app.teamId, connection._id, 'disconnected');
  expect((await app.call('GET', pathOf(connection))).body.data).toHaveLength(1);
  await app.call('DELETE', `/v2/user/${connection.userId}`);
  expect((await app.call('GET', pathOf(connection))).status).toBe(404);
});

test('another team finds nothing, not even that there is such a connection', async () => {
  const connection = await connectionWith([1]);
  const theirs = await world.newApp();
  const answer = await theirs.call('GET', pathOf(connection));
  const ofNobody = await theirs.call('GET', `/v2/introspect/quarantine/${randomUUID()}`);
  expect([answer.status, answer.body]).toEqual([404, ofNobody.body]);
  expect((await world.services.quarantine.page(theirs.teamId, connection._id, null, 10)).length).toBe(0);
});

test('a cursor that is none of this list is refused by name', async () => {
  const connection = await connectionWith([1]);
  const { status, body } = await app.call('GET', `${pathOf(connection)}?next_cursor=made-up`);
  expect([status, body.detail[0].loc]).toEqual([422, ['query', 'next_cursor']]);
});
