import { randomUUID } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Attempts } from '../../src/storage/attempts';
import { Deliveries } from '../../src/storage/deliveries';
import { Messages } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { changeEndpoint } from '../../src/webhooks/changeEndpoint';
import { type Drain, drainBacklog } from '../../src/webhooks/drainBacklog';
import { createEgress } from '../../src/webhooks/egress/egress';
import { messageId } from '../../src/webhooks/messageId';
import { recordMessages } from '../../src/webhooks/recordMessage';
import { eventTypes, sendTest } from '../../src/webhooks/sendTest';
import { catchUpFrom } from '../../src/webhooks/takeUpMissed';
import { wakeBacklogs } from '../../src/webhooks/wakeBacklogs';
import { diedAt } from './diedAt';
import { drainOf } from './drainOf';
import { never } from './never';
import { openPostOffice, type PostOffice, until } from './postOffice';
import { type Receiver, startReceiver } from './receiver';
import { SECRET } from './samples';

describe('an endpoint that is brought what it was not sent', () => {
  let office: PostOffice;
  let receiver: Receiver;
  const connectionId = randomUUID();

  beforeEach(async () => {
    office = await openPostOffice();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await receiver.close();
    await office.close();
  });

  const ids = () => receiver.received.map(({ id }) => id);
  const stateOf = ({ _id }: WebhookEndpointDoc) => office.endpoints.get({ teamId: office.teamId }, _id);
  const record = async (count: number, type = 'daily.data.glucose.created', userId = randomUUID()): Promise<string[]> => {
    const news = Array.from({ length: count }, () => {
      const id = messageId('news', randomUUID());
      return { id, teamId: office.teamId, userId, connectionId, type, body: `{"event_type":"${type}","data":{}}` };
    });
    await recordMessages(office, office.teamId, news);
    return news.map(({ id }) => id);
  };
  const drain = (endpoint: WebhookEndpointDoc, deps: Partial<PostOffice> = {}, progress: Drain['progress'] = () => undefined) =>
    drainBacklog({ ...office, ...deps }, drainOf(endpoint, { progress }));

  describe('by its workflow', () => {
    let stopWork: () => Promise<void>;

    beforeEach(async () => {
      stopWork = await office.work();
    });
    afterEach(() => stopWork());

    test('gets all that was told since then and its filters let through, oldest first, once; nothing older, and nothing about endpoints', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url, filterTypes: ['daily.*', 'endpoint.*'] });
      const scope = { teamId: office.teamId, environment: endpoint.environment };
      const changing = { ...office, egress: createEgress([receiver.host]) };
      await changeEndpoint(changing, scope, endpoint._id, { disabled: true });
      const since = Date.now();
      await office.addMessages(3, [], { createdAt: since - 60_000 });
      // By somebody whose clock is not ours.
      const [early] = await office.addMessages(1, [], { createdAt: since - 2_000 });
      const missed = [early?._id, ...(await record(260))];
      await record(2, 'historical.data.glucose.created');
      await record(1, 'endpoint.recovered');

      await changeEndpoint(changing, scope, endpoint._id, { disabled: false, catchUp: catchUpFrom(since, Date.now()) });
      await until(() => receiver.received.length >= missed.length);
      await until(async () => (await stateOf(endpoint))?.state === 'healthy');
      expect(ids()).toEqual(missed);
      await changing.egress.close();
    });

    test('gets a test event of every type, signed, and no other endpoint any', async () => {
      const endpoint = await office.addEndpoint({ url: receiver.url, filterTypes: ['provider.connection.created'] });
      const other = await startReceiver();
      await office.addEndpoint({ url: other.url });
      const sent: string[] = [];
      for (const type of eventTypes) sent.push(await sendTest(office, endpoint, type));
      await until(() => receiver.received.length >= sent.length);

      expect(new Set(ids())).toEqual(new Set(sent));
      for (const { body, headers } of receiver.received) {
        const text = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
        expect(new StandardWebhook(SECRET).verify(body, text)).toMatchObject({ test: true, team_id: office.teamId });
      }
      expect(other.received).toEqual([]);
      await other.close();
    });
  });

  test('gets it however often who brings it is killed, between any two steps', async () => {
    for (let step = 0; ; step += 5) {
      const userId = randomUUID();
      const endpoint = await office.addEndpoint({ url: receiver.url, disabled: true, userIds: [userId] });
      const since = Date.now();
      const missed = await record(8, 'daily.data.glucose.created', userId);
      const catchUp = { ...catchUpFrom(since, Date.now()), until: Date.now() };
      const scope = { teamId: office.teamId, environment: endpoint.environment };
      await office.endpoints.change(scope, endpoint._id, { disabled: false, catchUp }, Date.now());

      const died = await drainDyingAt(step, endpoint);
      await drain(endpoint);
      const mine = new Set(missed);
      expect(new Set(ids().filter((id) => mine.has(id)))).toEqual(mine);
      expect(await stateOf(endpoint)).toMatchObject({ catchUp: null, state: 'healthy' });
      await office.endpoints.remove(scope, endpoint._id);
      if (!died) break;
    }
  });

  test('looks once more for what was recorded by somebody who had read it disabled, and takes nothing twice', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, disabled: true });
    const scope = { teamId: office.teamId, environment: endpoint.environment };
    const since = Date.now();
    const missed = await record(3);
    await office.endpoints.change(scope, endpoint._id, { disabled: false, catchUp: catchUpFrom(since, since) }, Date.now());
    const first = await drain(endpoint);
    expect(first).toMatchObject({ kind: 'drained', dueAt: (await stateOf(endpoint))?.catchUp?.until });
    const [late] = await office.addMessages(1, [], { createdAt: since + 1 });

    const catchUp = (await stateOf(endpoint))?.catchUp;
    await office.endpoints.noteCaughtUp(office.teamId, endpoint._id, catchUp ?? never(), { ...(catchUp ?? never()), until: Date.now() });
    expect(await drain(endpoint)).toMatchObject({ kind: 'drained', dueAt: null });
    expect(ids()).toEqual([...missed, late?._id]);
    expect(await stateOf(endpoint)).toMatchObject({ catchUp: null });
  });

  test('that is disabled again on the way gets the rest of it as well as what was told since, once it is enabled', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, disabled: true });
    const scope = { teamId: office.teamId, environment: endpoint.environment };
    const changing = { ...office, egress: createEgress([receiver.host]), backlogs: { ...office.backlogs, tryNow: async () => undefined } };
    const enable = (since: number) =>
      changeEndpoint(changing, scope, endpoint._id, { disabled: false, catchUp: { ...catchUpFrom(since, Date.now()), until: Date.now() } });
    const first = Date.now() - 3_600_000;
    await office.addMessages(210, [], { createdAt: first + 1 });
    await enable(first);
    const died = await drainDyingAt(10, endpoint);
    await changeEndpoint(changing, scope, endpoint._id, { disabled: true });
    const disabledAt = (await stateOf(endpoint))?.disabledAt ?? never();
    await record(2);

    expect(await enable(disabledAt)).toMatchObject({ catchUp: { since: first } });
    while ((await drain(endpoint)).kind === 'more');
    expect([died, new Set(ids()).size]).toEqual([true, 212]);
    await changing.egress.close();
  });

  test('lets whoever waits for a sign of life have one while nothing is posted', async () => {
    const endpoint = await office.addEndpoint({ url: receiver.url, disabled: true, filterTypes: ['provider.connection.created'] });
    const scope = { teamId: office.teamId, environment: endpoint.environment };
    const since = Date.now();
    await record(450);
    await office.endpoints.change(scope, endpoint._id, { disabled: false, catchUp: catchUpFrom(since, since) }, since);
    const signs: number[] = [];
    await drain(endpoint, {}, (accepted) => signs.push(accepted));
    expect(receiver.received).toEqual([]);
    expect(signs.length).toBeGreaterThanOrEqual(3);
  });

  test('is found by the repair if its workflow was ended', async () => {
    const now = Date.now();
    await office.addEndpoint({ url: receiver.url, catchUp: catchUpFrom(now, now) });
    expect(await wakeBacklogs(office)).toBe(1);
  });

  test('names itself among the targets of what it was brought, so that an erased person’s deliveries are found', async () => {
    const now = Date.now();
    const [message] = await office.addMessages(1, [], { createdAt: now });
    const endpoint = await office.addEndpoint({ url: receiver.url, catchUp: { ...catchUpFrom(now, now), until: now } });
    await drain(endpoint);
    const [found] = await office.messages.read(office.teamId, [message?._id ?? never()]);
    expect(found?.targets).toEqual([endpoint._id]);
    expect(await office.delivery(message ?? never(), endpoint)).toMatchObject({ state: 'accepted' });
  });

  /** A drain whose process dies before its n-th operation on the database. @returns whether it did */
  const drainDyingAt = (step: number, endpoint: WebhookEndpointDoc): Promise<boolean> =>
    diedAt(step, office.databaseName, (db) =>
      drain(endpoint, {
        messages: new Messages(db),
        endpoints: new WebhookEndpoints(db),
        deliveries: new Deliveries(db),
        attempts: new Attempts(db),
      }),
    );
});
