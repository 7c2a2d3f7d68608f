import { randomUUID } from 'node:crypto';
import { Junction, JunctionClient, JunctionError } from '@junction-api/sdk';
import { Vital, VitalClient, VitalError } from '@tryvital/vital-node';
import { type Engine, startEngine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { announced } from '../engine/judge';
import { connected, newLinkToken, type Person } from './person';

/** The rules that the clients' parsers insist on and those that follow from them (vital-api.md §11.3, §11.5), on a connected person. */
describe('compatibility', () => {
  let engine: Engine;
  let person: Person;
  let junction: JunctionClient;
  let vital: VitalClient;
  let query: string;

  beforeAll(async () => {
    engine = await startEngine({ interval: '30s', simulator: { historyDays: 3 } });
    person = await connected(engine, randomUUID());
    const options = { apiKey: engine.apiKey, maxRetries: 0 };
    junction = new JunctionClient({ ...options, baseUrl: engine.apiUrl });
    vital = new VitalClient({ ...options, environment: engine.apiUrl });
    query = `/v2/timeseries/${person.userId}/glucose/grouped?start_date=${person.day}`;
  }, 200_000);
  afterAll(() => engine?.stop());

  const ask = (path: string, headers: Record<string, string>) => fetch(engine.apiUrl + path, { headers, redirect: 'manual' });

  test('the key opens as x-vital-api-key and as Bearer, with and without a slash at the end', async () => {
    for (const path of ['/v2/user', '/v2/user/'])
      for (const headers of [{ 'x-vital-api-key': engine.apiKey }, { authorization: `Bearer ${engine.apiKey}` }])
        expect((await ask(path, headers)).status).toBe(200);
  });

  test('connected sources have provider and its deprecated twin source, and times that both clients read', async () => {
    const users = [await junction.user.get(person), await vital.user.get(person.userId)];
    for (const { connectedSources, createdOn } of users) {
      expect(connectedSources).toMatchObject([{ provider: { slug: 'dexcom_v3' }, source: { slug: 'dexcom_v3' } }]);
      expect(new Date(createdOn).getTime()).toBeGreaterThan(0);
    }
  });

  test('connections have resource_availability and a status', async () => {
    const [a, b] = [await junction.user.getConnectedProviders(person), await vital.user.getConnectedProviders(person.userId)];
    for (const { providers } of [a, b]) expect(providers).toMatchObject([{ status: 'connected', resourceAvailability: expect.anything() }]);
  });

  test('glucose is mmol/L with the rest in extra keys, its source fully named, and pages by either cursor', async () => {
    const { groups, next, next_cursor: cursor } = await engine.call<Grouped>('GET', `${query}&limit=10`);
    const [group] = groups.dexcom_v3;
    expect(group).toMatchObject({ source: { name: 'Dexcom', slug: 'dexcom_v3', logo: expect.stringMatching(/^http/) } });
    expect(group?.data[0]).toMatchObject({
      unit: 'mmol/L',
      value: expect.any(Number),
      value_mg_per_dl: expect.any(Number),
      record_id: expect.any(String),
    });
    expect(next).toBe(cursor);

    const pages = [
      await junction.vitals.glucoseGrouped(
        { userId: person.userId, startDate: person.day, nextCursor: cursor },
        { queryParams: { limit: 10 } },
      ),
      await junction.vitals.glucoseGrouped({ userId: person.userId, startDate: person.day, cursor }, { queryParams: { limit: 10 } }),
      await vital.vitals.glucoseGrouped(person.userId, { startDate: person.day, nextCursor: cursor }, { queryParams: { limit: 10 } }),
    ];
    const [first, ...others] = pages.map((page) => page.groups.dexcom_v3?.[0]?.data.map(({ timestamp }) => timestamp));
    expect(first).toHaveLength(10);
    for (const other of others) expect(other).toEqual(first);
  });

  test('ids are what the contract says: UUIDs for users, teams and devices, whole numbers for sources', async () => {
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    for (const id of [person.userId, person.teamId, person.deviceId]) expect(id).toMatch(uuid);
    const source = await junction.link.generateOauthLink({
      oauthProvider: 'dexcom_v3',
      vitalLinkToken: await newLinkToken(engine, person.userId),
    });
    expect(Number.isInteger(source.id)).toBe(true);
    expect(source.logo).toMatch(/^http/);
  });

  test('a link token is a JWT that is the OAuth state, and Dexcom comes back to /v2/link/connect/dexcom_v3', async () => {
    const token = await newLinkToken(engine, person.userId);
    expect(token.split('.')).toHaveLength(3);
    const { oauthUrl } = await vital.link.generateOauthLink('dexcom_v3', { vitalLinkToken: token });
    const { searchParams } = new URL(oauthUrl ?? '');
    expect([searchParams.get('state'), searchParams.get('redirect_uri')]).toEqual([token, `${engine.apiUrl}/v2/link/connect/dexcom_v3`]);
  });

  test('a taken id is 400 with who has it, on patch 409; who is not there is 404; what is wrong is 422', async () => {
    const { clientUserId, userId } = person;
    const other = (await junction.user.create({ clientUserId: randomUUID() })).userId;
    await expect(junction.user.create({ clientUserId })).rejects.toMatchObject({ statusCode: 400, body: { detail: { user_id: userId } } });
    await expect(vital.user.create({ clientUserId })).rejects.toBeInstanceOf(Vital.BadRequestError);
    await expect(junction.user.patch({ userId: other, clientUserId })).rejects.toMatchObject({ statusCode: 409 });
    await expect(vital.user.get(randomUUID())).rejects.toMatchObject({ statusCode: 404, body: { detail: expect.any(String) } });
    await expect(junction.user.get({ userId: 'x' })).rejects.toBeInstanceOf(Junction.UnprocessableEntityError);
    await expect(vital.user.get('x')).rejects.toBeInstanceOf(Vital.UnprocessableEntityError);
  });

  test('a wrong key is a 401 that both clients tell by its status', async () => {
    const options = { apiKey: 'sk_us_wrong', maxRetries: 0 };
    const [a, b] = [new JunctionClient({ ...options, baseUrl: engine.apiUrl }), new VitalClient({ ...options, baseUrl: engine.apiUrl })];
    await expect(a.user.getAll()).rejects.toMatchObject({ statusCode: 401, constructor: JunctionError });
    await expect(b.user.getAll()).rejects.toMatchObject({ statusCode: 401, constructor: VitalError });
  });

  test('a refresh says success: true, and without a connection it is 400 and not wrapped', async () => {
    expect(await junction.user.refresh(person)).toMatchObject({ success: true, failedSources: [] });
    const { userId } = await vital.user.create({ clientUserId: randomUUID() });
    await expect(vital.user.refresh(userId)).rejects.toMatchObject({ statusCode: 400, body: { success: false, user_id: userId } });
  });

  test('backfilled readings are one historical event with is_final, and the connection is told with its source', async () => {
    await eventually(() => {
      expect(engine.receiver.distinct('provider.connection.created')).toMatchObject([
        { body: { data: { source: { slug: 'dexcom_v3' } } } },
      ]);
      expect(engine.receiver.distinct('historical.data.glucose.created')).toMatchObject([{ body: { data: { is_final: true } } }]);
    });
  });

  test('none of them is a daily event; what is measured afterwards is', async () => {
    const history = person.history.map(({ recordId }) => recordId);
    expect(history.length).toBeGreaterThan(800);
    const told = () =>
      ['daily.data.glucose.created', 'daily.data.glucose.updated'].flatMap((type) =>
        announced(engine.receiver.distinct(type), person.userId),
      );

    const measuredAt = Date.now();
    await engine.simulator.control.addReading(engine.simulator.person, { measuredAt, mgPerDl: 123 });
    await junction.user.refresh(person);
    const isNew = { value_mg_per_dl: 123, system_time: new Date(measuredAt).toISOString() };
    await eventually(() => expect(told()).toContainEqual(expect.objectContaining(isNew)));
    expect(told().filter(({ record_id: recordId }) => history.includes(recordId))).toEqual([]);
  });
});

interface Grouped {
  readonly groups: { readonly dexcom_v3: readonly { readonly data: readonly object[] }[] };
  readonly next: string;
  readonly next_cursor: string;
}
