import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { approve } from '../../local/demo/approve';
import { freePort } from '../../local/processes/freePort';
import { programArguments } from '../programs';
import { mongodbUri, temporalAddress } from '../servers';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator';
import { EngineProcess } from './engineProcess';
import { eventually } from './eventually';
import { Receiver } from './receiver';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

export interface EngineOptions {
  readonly simulator?: SimulatorOptions;
  /** How often the sensors read; every wait of the engine scales with it. */
  readonly interval?: string;
  readonly workers?: number;
  /** More for the environment of the API and the workers. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where each worker shows its metrics; nowhere where left out. */
  readonly metricsPorts?: readonly number[];
  /** Where each worker finds Temporal, if not where all else does: lines that a test may cut. */
  readonly workerLines?: readonly string[];
  /** Servers of the test's own, which it may kill; the suite's otherwise. */
  readonly servers?: { readonly temporalAddress: string; readonly mongodbUri: string };
}

/** The whole engine as its users run it: simulated Dexcom, API, workers, and an app's receiver, each a process of its own but the last. */
export interface Engine {
  readonly apiUrl: string;
  readonly teamId: string;
  readonly apiKey: string;
  readonly encryptionKey: string;
  readonly webhookSecret: string;
  /** Path of the team's endpoints. */
  readonly webhooks: string;
  readonly simulator: Simulator;
  readonly receiver: Receiver;
  readonly server: EngineProcess;
  readonly workers: readonly EngineProcess[];
  readonly database: string;
  readonly queuePrefix: string;
  /** Everything the processes have logged. */
  readonly logFolder: string;
  /** @returns the parsed answer @throws Error with status and body unless it is 2xx */
  call<T>(method: string, path: string, body?: object): Promise<T>;
  /** A user of ours for a simulated person, approved through the real pages. @returns the user's id */
  connect(person: string): Promise<string>;
  /** Another consent of a user who is there. */
  reconnect(userId: string, person: string): Promise<void>;
  linkUrl(userId: string): Promise<string>;
  /** The operator's command line. @returns the line of JSON it printed */
  admin(...args: string[]): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

type Stop = () => Promise<unknown>;

/** @throws what kept it from starting, once what was started has been stopped */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const stops: Stop[] = [];
  const stop = async (): Promise<void> => {
    for (const next of stops.splice(0).toReversed()) await next();
  };
  try {
    return { ...(await start(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param stops is given what ends each part as soon as there is something to end; to be called last first */
async function start(options: EngineOptions, stops: Stop[]): Promise<Omit<Engine, 'stop'>> {
  const { interval = '5m', workers: workerCount = 1 } = options;
  const servers = options.servers ?? { temporalAddress: temporalAddress(), mongodbUri: mongodbUri() };
  const logFolder = mkdtempSync(join(tmpdir(), 'continuo-engine-'));
  const name = randomUUID().slice(0, 8);
  const database = `engine-${name}`;
  const encryptionKey = randomBytes(32).toString('base64');
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;

  stops.push(async () => {
    if (!process.env.KEEP_ENGINE_LOGS) rmSync(logFolder, { recursive: true, force: true });
  });
  const simulator = await startSimulator({ interval, ...options.simulator, redirectUris: [`${apiUrl}/v2/link/connect/dexcom_v3`] });
  stops.push(() => simulator.stop());
  const receiver = await Receiver.listen();
  stops.push(() => receiver.close());
  const env: Record<string, string> = {
    TEMPORAL_ADDRESS: servers.temporalAddress,
    MONGODB_URI: servers.mongodbUri,
    MONGODB_DATABASE: database,
    CONTINUO_ENCRYPTION_KEYS: `test:${encryptionKey}`,
    CONTINUO_QUEUE_PREFIX: `${name}-`,
    PORT: String(port),
    PUBLIC_URL: apiUrl,
    DEXCOM_CLIENT_ID: simulator.clientId,
    DEXCOM_CLIENT_SECRET: simulator.clientSecret,
    DEXCOM_BASE_URL: simulator.url,
    READING_INTERVAL: interval,
    WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    ...options.env,
  };
  const server = new EngineProcess('src/server.ts', env, join(logFolder, 'server.log'));
  const workers = Array.from({ length: workerCount }, (_, n) => {
    const TEMPORAL_ADDRESS = options.workerLines?.[n] ?? servers.temporalAddress;
    const METRICS_PORT = String(options.metricsPorts?.[n] ?? '');
    return new EngineProcess('src/worker.ts', { ...env, TEMPORAL_ADDRESS, METRICS_PORT }, join(logFolder, `worker-${n}.log`));
  });
  for (const engineProcess of [server, ...workers]) engineProcess.start();
  stops.push(
    () => server.stop(),
    () => Promise.all(workers.map((worker) => worker.stop())),
  );

  const admin = async (...args: string[]): Promise<Record<string, string>> => {
    const { stdout } = await run(process.execPath, [...programArguments('src/admin.ts'), ...args, '--json'], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    return JSON.parse(stdout) as Record<string, string>;
  };
  const { teamId = '', orgId = '' } = await admin('team', 'create', '--name', 'tests');
  const { key: apiKey = '' } = await admin('key', 'create', '--team', teamId);

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { 'x-vital-api-key': apiKey, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text || 'null') as T;
  }

  async function linkUrl(userId: string): Promise<string> {
    const { link_web_url: url } = await call<{ link_web_url: string }>('POST', '/v2/link/token', {
      user_id: userId,
      provider: 'dexcom_v3',
    });
    return url;
  }

  await eventually(async () => {
    const { ok, status } = await fetch(`${apiUrl}/readyz`);
    if (!ok) throw new Error(`the API is not ready: ${status}`);
  });
  for (const worker of workers) await eventually(() => worker.expectSaid('worker is up'));
  const webhooks = `/v1/org/${orgId}/team/${teamId}/production/webhook`;
  const { id } = await call<{ id: string }>('POST', webhooks, { url: receiver.url });
  const { key: webhookSecret } = await call<{ key: string }>('GET', `${webhooks}/${id}/secret`);
  receiver.expect(webhookSecret);

  return {
    apiUrl,
    teamId,
    apiKey,
    encryptionKey,
    webhookSecret,
    webhooks,
    simulator,
    receiver,
    server,
    workers,
    database,
    queuePrefix: env.CONTINUO_QUEUE_PREFIX ?? '',
    logFolder,
    call,
    admin,
    linkUrl,
    reconnect: async (userId, person) => approve(await linkUrl(userId), person),
    async connect(person) {
      const { user_id: userId } = await call<{ user_id: string }>('POST', '/v2/user', { client_user_id: `app-${person}-${name}` });
      await approve(await linkUrl(userId), person);
      return userId;
    },
  };
}
