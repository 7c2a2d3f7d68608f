import { randomUUID } from 'node:crypto';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { createLog } from '../../src/log';
import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { createWorkers, runWorkers } from '../../src/temporal/createWorkers';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { temporalAddress } from '../servers';
import { quick, Script } from '../workflows/script';
import { openPostOffice, type PostOffice, until } from './postOffice';
import { type Receiver, startReceiver } from './receiver';

const ENDPOINTS = 20;
const POLLS = 6;

let office: PostOffice;
let receivers: { readonly quick: Receiver; readonly hanging: Receiver; readonly late: Receiver };

beforeAll(async () => {
  office = await openPostOffice();
  receivers = { quick: await startReceiver(), hanging: await startReceiver(), late: await startReceiver() };
});
afterAll(async () => {
  for (const receiver of Object.values(receivers)) await receiver.close();
  await office.close();
});

test('one endpoint that hangs and one that takes 14 s delay neither the eighteen others nor the syncs that tell them', async () => {
  const { hanging, late } = receivers;
  hanging.answer(() => undefined);
  late.answer((response) => void setTimeout(() => response.writeHead(200).end(), 14_000).unref());
  const urls = Array.from({ length: ENDPOINTS }, (_, n) => [hanging.url, late.url][n] ?? receivers.quick.url);
  const endpoints: WebhookEndpointDoc[] = [];
  for (const url of urls) endpoints.push(await office.addEndpoint({ url }));

  // Every poll of the connection brings news, which its workflow has delivered before it polls again.
  const connection = { connectionId: randomUUID(), teamId: office.teamId, userId: randomUUID() };
  const told: MessageDoc[] = [];
  const script = new Script();
  script.onPull = async () => {
    if (told.length === POLLS) return {};
    told.push(...(await office.addMessages(1, endpoints, { connectionId: connection.connectionId })));
    return { messages: 1 };
  };
  const dismiss = await hire({ ...script, ...createWebhookActivities(office, createLog({ level: 'fatal', name: 'test' })) });
  try {
    await createConnectionWorkflows(office.client, { queuePrefix: office.prefix, policy: quick }).ensureRunning(connection);
    await until(() => script.pulls.length > POLLS);
    await until(() => receivers.quick.received.length >= POLLS * (ENDPOINTS - 2));
    expect(counted(receivers.quick)).toEqual(new Map(told.map(({ _id }) => [_id, ENDPOINTS - 2])));
    expect(await office.undispatched()).toBe(0);
    // Only the first was posted while somebody waited; what came after is left to the endpoint's own workflow.
    for (const slow of [hanging, late]) {
      expect(slow.received[0]?.id).toBe(told[0]?._id);
      expect(counted(slow).size).toBeLessThan(POLLS);
    }
  } finally {
    await office.client.workflow.getHandle(connectionWorkflowId(connection.connectionId)).terminate();
    // So that the workers' end waits for none of those posts.
    for (const { teamId, environment, _id } of endpoints.slice(0, 2)) await office.endpoints.remove({ teamId, environment }, _id);
    for (const slow of [hanging, late]) await slow.close();
    await dismiss();
  }
});

/** The workers of one process, as it has them. @returns what ends them */
async function hire(activities: object): Promise<() => Promise<void>> {
  const telemetryOptions = { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions });
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const stop = new AbortController();
  const running = runWorkers(await createWorkers(native, { namespace: 'default', queuePrefix: office.prefix, activities }), stop.signal);
  return async () => {
    stop.abort();
    await running;
    await native.close();
  };
}

/** How often each message has come. */
function counted({ received }: Receiver): Map<string, number> {
  const times = new Map<string, number>();
  for (const { id } of received) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}
