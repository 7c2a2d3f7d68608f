import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { drainOf } from './drainOf';
import { never } from './never';
import { openPostOffice, quickPolicy } from './postOffice';
import { startReceiver, withStatus } from './receiver';

test('a warning that an endpoint has refused for the last time is told to the operator, and to no endpoint', async () => {
  const [office, receiver] = await Promise.all([openPostOffice(), startReceiver()]);
  const endpoint = await office.addEndpoint({ url: receiver.url });
  const { teamId, _id: endpointId } = endpoint;
  await office.addEndpoint({ url: receiver.url });
  const [warning = never(), other = never()] = await office.addMessages(2, [endpoint], { type: 'endpoint.failing' });
  const keyOf = ({ _id: messageId, createdAt }: typeof warning) => ({
    ...{ _id: `${messageId}:${endpointId}`, teamId, endpointId, messageId, createdAt },
  });
  const refusedAt = Date.now() - 60_000;
  await office.deliveries.leavePending(keyOf(warning), { at: refusedAt, status: 400, error: 'HTTP 400', tookMs: 1 });
  await office.deliveries.accept(keyOf(other), { at: refusedAt + 1_000, status: 204, error: null, tookMs: 1 });
  await office.deliveries.setAside(keyOf(warning), quickPolicy.retryAfterMs.length, Date.now() - 1);

  receiver.answer(withStatus(400));
  await drainBacklog(office, drainOf(endpoint));
  expect(await office.delivery(warning, endpoint)).toMatchObject({ state: 'exhausted' });
  expect(office.raised).toEqual([{ type: 'message.attempt.exhausted', endpointId }]);
  expect(await office.operational(endpointId)).toEqual([]);
  await receiver.close();
  await office.close();
});
