import { MongoServerError } from 'mongodb';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { createLog } from '../../src/log';
import { backlogWorkflowId } from '../../src/temporal/backlogNames';
import { createBacklogs } from '../../src/temporal/backlogs';
import { quick, Script } from '../workflows/script';
import { openStage, type Stage, until } from '../workflows/stage';
import { openPostOffice, type PostOffice, quickPolicy } from './postOffice';

const CANARY = 'dup key: { body: "98765 mg/dL of Ada Lovelace" }';

describe('a delivery whose storage fails as nobody expects', () => {
  let office: PostOffice;
  let stage: Stage;
  const lines: string[] = [];
  let left: number;
  const log = createLog({ level: 'error', name: 'test' }, { write: (line: string) => void lines.push(line) });

  beforeAll(async () => {
    stage = await openStage();
    office = await openPostOffice();
  });
  afterAll(async () => {
    await office.close();
    await stage.close();
  });
  beforeEach(() => {
    lines.length = 0;
    left = 1;
  });

  /** Fails `left` times, as the driver does. */
  const failing =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (left-- > 0) throw new MongoServerError({ code: 8000, errmsg: CANARY });
      return work(...args);
    };
  const historyOf = async (workflowId: string) => JSON.stringify((await stage.client.workflow.getHandle(workflowId).fetchHistory()).events);

  test('tells the history no word of the driver’s, inline', async () => {
    // Not once: a workflow task that is lost takes what a local activity met with it.
    left = Number.POSITIVE_INFINITY;
    const script = new Script();
    script.onPull = async () => ({ messages: 1 });
    const messages = Object.assign(Object.create(office.messages), {
      undispatchedOf: failing((id: string, limit: number) => office.messages.undispatchedOf(id, limit)),
    });
    const { deliver } = createWebhookActivities({ ...office, messages }, log);
    await stage.play({ ...script, deliver }, async () => {
      const connection = stage.newConnection();
      await stage.workflows(quick).ensureRunning(connection);
      const { workflowId } = stage.handle(connection.connectionId);
      await until('its failure', async () => (await historyOf(workflowId)).includes('unexpected, see the log of the worker'));
      const history = await historyOf(workflowId);
      expect(history).not.toContain('dup key');
      expect(lines.join('')).toContain('dup key');
      expect(lines.join('')).toContain(connection.connectionId);
    });
  });

  test.each(['markFailing', 'queueOf'] as const)('tells it none either in the endpoint’s workflow (%s), which goes on', async (where) => {
    const endpoint = await office.addEndpoint({ url: 'http://127.0.0.1:1/' });
    const endpoints = Object.assign(Object.create(office.endpoints), {
      ...(where === 'markFailing' && { markFailing: failing((team: string, id: string) => office.endpoints.markFailing(team, id)) }),
    });
    const deliveries = Object.assign(Object.create(office.deliveries), {
      ...(where === 'queueOf' && { queueOf: failing(office.deliveries.queueOf.bind(office.deliveries)) }),
    });
    const activities = createWebhookActivities({ ...office, endpoints, deliveries }, log);
    const backlogs = createBacklogs(stage.client, { queuePrefix: stage.prefix, policy: quickPolicy });
    await stage.play(activities, async () => {
      await backlogs.wake({ endpointId: endpoint._id, teamId: office.teamId }, { error: 'HTTP 503', retryAfterMs: null, trouble: 'busy' });
      await stage.client.workflow.getHandle(backlogWorkflowId(endpoint._id)).result();
    });
    const history = await historyOf(backlogWorkflowId(endpoint._id));
    expect(history).not.toContain('dup key');
    expect(lines.join('')).toContain('dup key');
    expect(lines.join('')).toContain(endpoint._id);
  });
});
