import { AHEAD, queueAhead } from '../../src/webhooks/queueAhead';
import { openPostOffice, type PostOffice } from './postOffice';

describe('the queue of an endpoint', () => {
  let office: PostOffice;
  beforeAll(async () => {
    office = await openPostOffice();
  });
  afterAll(() => office.close());

  const waiting = async (count: number) => {
    const endpoint = await office.addEndpoint({ state: 'failing' });
    const key = { teamId: office.teamId, endpointId: endpoint._id };
    const leave = async (more: number, createdAt?: number) => {
      const messages = await office.addMessages(more, [endpoint], createdAt === undefined ? {} : { createdAt });
      await Promise.all(
        messages.map((message) => office.deliveries.leavePending({ ...key, messageId: message._id, createdAt: message.createdAt }, null)),
      );
      return messages.map(({ _id }) => _id);
    };
    return { key, leave, ids: await leave(count), queue: queueAhead(office.deliveries, key) };
  };
  const idsOf = (batch: readonly { readonly messageId: string }[]) => batch.map(({ messageId }) => messageId);

  test('comes oldest first, each once, and again only from its beginning', async () => {
    const { ids, queue } = await waiting(12);
    const came: string[] = [];
    for (let batch = await queue.next(5); batch.length > 0; batch = await queue.next(5)) {
      came.push(...idsOf(batch));
      queue.pass();
    }
    expect(came).toEqual(ids);
    expect(queue.rewind()).toBe(true);
    expect(idsOf(await queue.next(5))).toEqual(ids.slice(0, 5));
    expect(queue.rewind()).toBe(false);
  });

  test('gives what was not dealt with again, with what has come before it since', async () => {
    const { leave, ids, queue } = await waiting(3);
    expect(idsOf(await queue.next(2))).toEqual(ids.slice(0, 2));
    const [late = ''] = await leave(1, 1);
    expect(idsOf(await queue.next(2))).toEqual([late, ...ids.slice(0, 1)]);
  });

  test('leaves out what was taken, set aside or erased since it was seen ahead', async () => {
    const { key, ids, queue } = await waiting(8);
    await queue.next(2);
    queue.pass();
    await queue.next(1);
    queue.pass();
    const [, , , fourth = '', fifth = '', sixth = '', seventh = '', last = ''] = ids;
    const idOf = (messageId: string) => ({ _id: `${messageId}:${key.endpointId}`, teamId: key.teamId });
    await office.deliveries.acceptPending(idOf(fourth), { at: Date.now(), status: 204, error: null, tookMs: 1 });
    await office.deliveries.setAside(idOf(fifth), 1, Date.now() + 60_000);
    await office.deliveries.erase(key.teamId, [idOf(sixth)._id]);
    expect(idsOf(await queue.next(3))).toEqual([seventh, last]);
  });

  test('comes whole and in order, however far apart in time what waits was told', async () => {
    const { leave, queue } = await waiting(0);
    const hours = [0, 1, 2, 5, 30, 30, 200, 720];
    const ids: string[] = [];
    for (const ago of hours.toReversed()) ids.push(...(await leave(1, Date.now() - ago * 3_600_000 + ids.length)));
    const ahead = await leave(1, Date.now() + 3_600_000);
    const came: string[] = [];
    for (let batch = await queue.next(2); batch.length > 0; batch = await queue.next(2)) {
      came.push(...idsOf(batch));
      queue.pass();
    }
    expect(came).toEqual([...ids, ...ahead]);
  });

  test('is asked for once per thousand, however small its batches', async () => {
    const { key, ids } = await waiting(60);
    let asked = 0;
    const watched = Object.assign(Object.create(office.deliveries), {
      queueOf: (...args: Parameters<typeof office.deliveries.queueOf>) => {
        asked++;
        return office.deliveries.queueOf(...args);
      },
    });
    const queue = queueAhead(watched, key);
    let came = 0;
    for (let batch = await queue.next(5); batch.length > 0; batch = await queue.next(5)) {
      came += batch.length;
      queue.pass();
    }
    expect(came).toBe(ids.length);
    // The first batch, what is ahead of it, and that nothing is left.
    expect(asked).toBe(3);
    expect(AHEAD).toBeGreaterThan(ids.length);
  });
});
