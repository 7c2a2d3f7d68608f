import { randomBytes, randomUUID } from 'node:crypto';
import { Client, Connection, defaultPayloadConverter } from '@temporalio/client';
import { Webhook } from 'svix';
import { followInterval } from '../../local/app/followInterval';
import { MemoryFile } from '../../local/home/memory';
import { freePort } from '../../local/processes/freePort';
import { throwawayFolder } from '../../local/processes/throwaway';
import { listenForEvents, type ReceivedEvent } from '../../local/receiver/receiver';
import { eventLine } from '../../local/screen/events';
import { policyFor } from '../../src/freshness/policy';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { connectionWorkflowId } from '../../src/temporal/workflowNames';
import { temporalAddress } from '../servers';

describe('a start at another interval', () => {
  const teamId = randomUUID();
  const env = (interval: string) => ({
    TEMPORAL_ADDRESS: temporalAddress(),
    MONGODB_URI: 'mongodb://localhost',
    CONTINUO_QUEUE_PREFIX: `test-${teamId.slice(0, 8)}-`,
    CONTINUO_ENCRYPTION_KEYS: `k:${randomBytes(32).toString('base64')}`,
    DEXCOM_CLIENT_ID: 'id',
    DEXCOM_CLIENT_SECRET: 'secret',
    DEXCOM_REGION: 'us',
    READING_INTERVAL: interval,
  });
  let client: Client;
  let connection: Connection;
  const running: string[] = [];

  beforeAll(async () => {
    connection = await Connection.connect({ address: temporalAddress() });
    client = new Client({ connection });
  });
  afterAll(async () => {
    for (const id of running) await client.workflow.getHandle(connectionWorkflowId(id)).terminate();
    await connection?.close();
  });

  test('polls everybody of our team at it, and leaves other teams’ workflows as they are', async () => {
    const policy = policyFor(300_000);
    const workflows = createConnectionWorkflows(client, { queuePrefix: env('5m').CONTINUO_QUEUE_PREFIX, policy });
    const [ours, theirs] = [randomUUID(), randomUUID()];
    running.push(ours, theirs);
    await workflows.ensureRunning({ connectionId: ours, teamId, userId: randomUUID() });
    await workflows.ensureRunning({ connectionId: theirs, teamId: randomUUID(), userId: randomUUID() });
    const memory = new MemoryFile(throwawayFolder());
    memory.change({ interval: '5m', team: { orgId: randomUUID(), teamId, apiKey: 'none' } });

    await followInterval(memory, env('5m'));
    expect([await cadenceOf(ours), await cadenceOf(theirs)]).toEqual([300_000, 300_000]);
    await followInterval(memory, env('10s'));
    expect([await cadenceOf(ours), await cadenceOf(theirs)]).toEqual([10_000, 300_000]);
    expect(memory.now.interval).toBe('10s');
  });

  /** As its running workflow was told. */
  async function cadenceOf(connectionId: string): Promise<number | undefined> {
    const { events } = await client.workflow.getHandle(connectionWorkflowId(connectionId)).fetchHistory();
    const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    return payload && defaultPayloadConverter.fromPayload<{ policy: { cadenceMs: number } }>(payload).policy.cadenceMs;
  }
});

describe('the webhook receiver', () => {
  const secret = `whsec_${btoa('a secret that is long enough')}`;
  const events: ReceivedEvent[] = [];
  const refused: string[] = [];
  let url: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const handlers = { onEvent: (event: ReceivedEvent) => events.push(event), onRefused: (why: string) => refused.push(why) };
    ({ url, close } = await listenForEvents(await freePort(), () => secret, handlers));
  });
  afterAll(() => close?.());

  test('tells a browser what it is, and says nothing of it', async () => {
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Webhooks are sent here')]);
    expect(refused).toEqual([]);
  });

  test('shows whose an event is, unless it is the usual person’s', async () => {
    const userId = randomUUID();
    await post({ event_type: 'provider.connection.created', user_id: userId, client_user_id: 'grace', data: {} });
    const [event] = events;
    if (!event) throw new Error('nothing came');
    expect(eventLine(event, randomUUID())).toMatch(/provider\.connection\.created.*grace/);
    expect(eventLine(event, userId)).not.toContain('grace');
  });

  async function post(event: object): Promise<void> {
    const [body, at] = [JSON.stringify(event), new Date()];
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
    };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(204);
  }
});
