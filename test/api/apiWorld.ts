import { randomBytes, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import type { Db } from 'mongodb';
import { freePort } from '../../local/processes/freePort';
import { createKey } from '../../src/admin/createKey';
import { createTeam } from '../../src/admin/createTeam';
import { createApp } from '../../src/api/app';
import { createServices } from '../../src/api/createServices';
import { listen } from '../../src/api/listen';
import type { Services } from '../../src/api/services';
import { createDexcomApps } from '../../src/dexcom/apps';
import { type DexcomRegion, isDexcomRegion } from '../../src/dexcom/region';
import type { RegionApp } from '../../src/dexcom/registration';
import { policyFor } from '../../src/freshness/policy';
import { createLog } from '../../src/log';
import { createKeyring } from '../../src/security/keyring';
import { teamScopes } from '../../src/storage/apiKeys';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { createBacklogs } from '../../src/temporal/backlogs';
import { createBulkRuns } from '../../src/temporal/bulkRuns';
import { openTemporal } from '../../src/temporal/client';
import { type ConnectionWorkflows, createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { createReplayRuns } from '../../src/temporal/replayRuns';
import { createUserErasures } from '../../src/temporal/userErasures';
import { createEgress } from '../../src/webhooks/egress/egress';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import { erasurePolicy } from '../../src/workflows/erasurePolicy';
import { replayPolicy } from '../../src/workflows/replayPolicy';
import { openGate } from '../dexcom/dexcomClient';
import { temporalAddress } from '../servers';
import type { Simulator } from '../simulator';
import { freshDatabase } from '../storage/freshDatabase';
import { hear } from './heardRoutes';

export const keyring = createKeyring([{ kid: 'k1', key: new Uint8Array(randomBytes(32)) }]);

/** One team as its app sees the engine. */
export interface App {
  readonly teamId: string;
  readonly orgId: string;
  readonly apiKey: string;
  call(method: string, path: string, request?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** @returns its id */
  newUser(clientUserId?: string): Promise<string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects, and fails if it is not there
  readonly body: any;
}

export interface ApiWorld {
  readonly url: string;
  readonly db: Db;
  readonly services: Services;
  /** Everything logged so far. */
  logged(): string;
  newApp(): Promise<App>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly simulator?: Simulator;
  /** Further regions of Dexcom's, each a simulator of its own. */
  readonly elsewhere?: Readonly<Partial<Record<DexcomRegion, Simulator>>>;
  /** In place of one over the real server. */
  readonly workflows?: ConnectionWorkflows;
  readonly temporalAddress?: string;
  /** Wraps the database as the API sees it. */
  readonly over?: (db: Db) => Db;
  /** What else of the services is different. */
  readonly change?: (services: Services) => Partial<Services>;
}

/** Where webhooks may go without https. */
export const ALLOWED_WEBHOOK_HOST = 'receiver.test:8080';

/** Where each team may send browsers back to. */
export const APP_URL = 'https://app.example/connected';

/** The whole API over real HTTP, a database of its own and the real Temporal; nobody works on its workflows. */
export async function openApiWorld({ simulator, over = (db) => db, ...options }: WorldOptions = {}): Promise<ApiWorld> {
  const database = await freshDatabase();
  const temporal = openTemporal({ address: options.temporalAddress ?? temporalAddress(), namespace: 'default' });
  const queuePrefix = `test-${randomUUID().slice(0, 8)}-`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const here = simulator ? await appAt(simulator, 'simulator', url) : nowhere;
  const elsewhere = await Promise.all(Object.entries(options.elsewhere ?? {}).map(([region, other]) => appAt(other, region, url)));
  const operator = { current: [here, ...elsewhere], former: [] } as const;
  const dexcom = createDexcomApps(operator, new DexcomCredentials(over(database.db), keyring), openGate);

  const written: string[] = [];
  const into = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      hear(String(chunk));
      done();
    },
  });
  const usual = createServices({
    db: over(database.db),
    log: createLog({ level: 'debug', name: 'test' }, into),
    keyring,
    dexcom,
    workflows: options.workflows ?? createConnectionWorkflows(temporal.client, { queuePrefix, policy: policyFor(300_000) }),
    publicUrl: url,
    egress: createEgress([ALLOWED_WEBHOOK_HOST]),
    backlogs: createBacklogs(temporal.client, { queuePrefix, policy: backlogPolicy }),
    erasures: createUserErasures(temporal.client, { queuePrefix, policy: erasurePolicy }),
    bulkRuns: createBulkRuns(temporal.client, { queuePrefix }),
    replayRuns: createReplayRuns(temporal.client, { queuePrefix, policy: replayPolicy }),
    feedKeptMs: 30 * 86_400_000,
    queryCacheBytes: 16_000_000,
    ready: async () => ({ mongodb: true, temporal: true }),
  });
  const services: Services = { ...usual, ...options.change?.(usual) };
  const server = await listen(createApp(services), { host: '127.0.0.1', port });

  return {
    url,
    db: database.db,
    services,
    logged: () => written.join(''),
    newApp: () => newApp(url, services),
    async close() {
      await server.close();
      await Promise.all([temporal.close(), dexcom.close(), database.close()]);
    },
  };
}

const nowhere: RegionApp = { region: 'simulator', baseUrl: 'http://127.0.0.1:9', clientId: 'nobody', clientSecret: 'nothing' };

async function appAt({ url: baseUrl, clientId, clientSecret, control }: Simulator, region: string, apiUrl: string): Promise<RegionApp> {
  if (!isDexcomRegion(region)) throw new Error(`${region} is no region`);
  await control.putApp({ clientId, clientSecret, redirectUris: [`${apiUrl}/v2/link/connect/dexcom_v3`] });
  return { region, baseUrl, clientId, clientSecret };
}

async function newApp(url: string, services: Services): Promise<App> {
  const { teamId, orgId } = await createTeam(services.teams, { name: 'a team', redirectUrl: [APP_URL], org: randomUUID() });
  const { key: apiKey } = await createKey(services, { team: teamId, label: 'test', scopes: teamScopes.join(',') });
  const call: App['call'] = (method, path, { body, headers } = {}) =>
    send(url, method, path, body, { 'x-vital-api-key': apiKey, ...headers });
  return {
    teamId,
    orgId,
    apiKey,
    call,
    async newUser(clientUserId = randomUUID()) {
      const { body } = await call('POST', '/v2/user', { body: { client_user_id: clientUserId } });
      return String(body.user_id);
    },
  };
}

/** Sends one request as it is; redirects are answers. */
export async function send(url: string, method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}
