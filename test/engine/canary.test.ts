import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { temporalAddress } from '../servers';
import { type Engine, startEngine } from './engine';
import { eventually } from './eventually';
import { announced } from './judge';

/** Between a person and a leak stand the logs and Temporal, which operators and engineers read: neither may hold what belongs to that person. */
describe('what operators can read', () => {
  let engine: Engine;
  let logs: string;
  let histories: string;

  beforeAll(async () => {
    engine = await startEngine({ interval: '3s', simulator: { people: 1, historyDays: 2, delay: '1s', grace: '120s' } });
    const { control, person } = engine.simulator;
    await control.settings({ accessTokenLifeSeconds: 8 });
    const userId = await engine.connect(person);
    // Errors are where secrets slip out.
    await control.addFault({ kind: 'html', status: 200, endpoints: ['egvs'], times: 2 });
    await control.addFault({ kind: 'truncated', endpoints: ['egvs'], times: 2 });
    await control.addFault({ kind: 'status', status: 500, endpoints: ['token'], times: 1 });
    await eventually(
      async () => {
        expect(announced(engine.receiver.distinct('daily.data.glucose.created'), userId).length).toBeGreaterThan(3);
        expect((await control.rotations()).length).toBeGreaterThan(1);
      },
      { withinMs: 120_000 },
    );

    histories = await allHistories();
    logs = readdirSync(engine.logFolder)
      .map((file) => readFileSync(join(engine.logFolder, file), 'utf8'))
      .join('\n');
  }, 240_000);
  afterAll(() => engine?.stop());

  /** Every event of every workflow of this engine, payloads decoded, with search attributes and memo. */
  async function allHistories(): Promise<string> {
    const connection = await Connection.connect({ address: temporalAddress() });
    const client = new Client({ connection });
    const texts: string[] = [];
    try {
      for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue STARTS_WITH "${engine.queuePrefix}"` })) {
        const handle = client.workflow.getHandle(workflowId, runId);
        texts.push(workflowId, readable(await handle.fetchHistory()), readable((await handle.describe()).raw));
      }
      return texts.join('\n');
    } finally {
      await connection.close();
    }
  }

  test('logs and histories are there to be searched', () => {
    for (const [text, word] of [
      [logs, 'worker is up'],
      [histories, 'dexcom-sync:'],
      [histories, 'nextPollAt'],
      [histories, 'next reading due'],
    ] as const) {
      expect(text.includes(word)).toBe(true);
    }
  });

  test('hold no token, key or secret', async () => {
    const rotations = await engine.simulator.control.rotations();
    const secrets = [
      ...rotations.flatMap(({ spent, successor }) => [spent, successor.accessToken, successor.refreshToken]),
      engine.apiKey,
      engine.simulator.clientSecret,
      engine.encryptionKey,
      engine.webhookSecret,
    ];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8);
      expect(logs.includes(secret)).toBe(false);
      expect(histories.includes(secret)).toBe(false);
    }
  });

  test('hold no reading and no name the app gave', async () => {
    const { users } = await engine.call<{ users: { client_user_id: string }[] }>('GET', '/v2/user');
    const told = engine.receiver.distinct('daily.data.glucose.created').flatMap(({ body }) => body.data.data as { record_id: string }[]);
    for (const word of [
      ...users.map(({ client_user_id }) => client_user_id),
      ...told.map(({ record_id }) => record_id),
      'mgPerDl',
      'mg_per_dl',
    ]) {
      expect(logs.includes(word)).toBe(false);
      expect(histories.includes(word)).toBe(false);
    }
  });
});

/** JSON with payloads decoded, as the Temporal UI shows them: protobuf's own JSON has them in base64, where nothing would be found. */
const readable = (message: unknown): string =>
  JSON.stringify(message, (name, value: unknown) =>
    name === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value,
  );
