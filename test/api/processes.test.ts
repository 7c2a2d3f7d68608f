import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { freePort } from '../../local/processes/freePort';
import { createKey } from '../../src/admin/createKey';
import { createTeam } from '../../src/admin/createTeam';
import { listCredentials, removeCredentials } from '../../src/admin/credentials';
import { listKeys } from '../../src/admin/listKeys';
import { setTeam } from '../../src/admin/setTeam';
import { createKeyring, parseKeys } from '../../src/security/keyring';
import { ApiKeys } from '../../src/storage/apiKeys';
import type { Database } from '../../src/storage/database';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { IntegrationTeamIds } from '../../src/storage/integrationTeamIds';
import { Teams } from '../../src/storage/teams';
import { EngineProcess } from '../engine/engineProcess';
import { eventually } from '../engine/eventually';
import { programArguments } from '../programs';
import { mongodbUri, temporalAddress } from '../servers';
import { freshDatabase } from '../storage/freshDatabase';
import { send } from './apiWorld';

const ROOT = join(__dirname, '../..');
/** Of a poll that nobody ends. */
const LONGEST_WAIT_S = 30;

let database: Database;
let env: Record<string, string>;
let folder: string;

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'continuo-api-'));
  env = {
    TEMPORAL_ADDRESS: temporalAddress(),
    MONGODB_URI: mongodbUri(),
    MONGODB_DATABASE: database.db.databaseName,
    CONTINUO_ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    CONTINUO_QUEUE_PREFIX: `test-${randomUUID().slice(0, 8)}-`,
    DEXCOM_CLIENT_ID: 'app',
    DEXCOM_CLIENT_SECRET: 'canary-secret',
    DEXCOM_REGION: 'sandbox',
  };
});
afterAll(async () => {
  await database?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One of our programs, run to its end. */
const run = (script: string, args: readonly string[], change: Record<string, string> = {}, input = ''): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...programArguments(script), ...args],
      { cwd: ROOT, env: { ...process.env, ...env, ...change } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });

interface Begun {
  /** Sends the body. @returns the answer */
  finish(body?: object): Promise<{ readonly status: number; readonly body: unknown }>;
}

/** A request of which the server has the headers. */
async function beginRequest(port: number, method: string, path: string, headers: Record<string, string>): Promise<Begun> {
  const sending = request({ port, method, path, headers: { ...headers, 'content-type': 'application/json', expect: '100-continue' } });
  const answered = once(sending, 'response');
  sending.flushHeaders();
  await once(sending, 'continue');
  return {
    async finish(body) {
      sending.end(body && JSON.stringify(body));
      const [response] = await answered;
      return { status: response.statusCode, body: await json(response) };
    },
  };
}

const admin = async (...args: string[]) => {
  const { code, stdout, stderr } = await run('src/admin.ts', [...args, '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

describe('the API process', () => {
  test('serves, lets requests under way end when told to stop, answers who waits for events, and leaves with success', async () => {
    const port = await freePort();
    const metricsPort = await freePort();
    const log = join(folder, 'api.log');
    const api = new EngineProcess('src/server.ts', { ...env, PORT: String(port), METRICS_PORT: String(metricsPort) }, log);
    api.start();
    const url = `http://127.0.0.1:${port}`;
    try {
      await eventually(async () => expect((await send(url, 'GET', '/readyz', undefined, {})).status).toBe(200));
      const { teamId } = await admin('team', 'create', '--name', 'an app');
      const { key } = await admin('key', 'create', '--team', teamId);
      const create = () => send(url, 'POST', '/v2/user', { client_user_id: randomUUID() }, { 'x-vital-api-key': key });
      expect((await create()).status).toBe(200);
      expect((await send(`http://127.0.0.1:${metricsPort}`, 'GET', '/metrics', undefined, {})).body).toMatch(
        /continuo_http_request_duration_seconds_count\{method="POST",route="\/v2\/user",status="200"\} 1/,
      );

      const halfSent = await beginRequest(port, 'POST', '/v2/user', { 'x-vital-api-key': key });
      const pollBegan = Date.now();
      const poll = await beginRequest(port, 'GET', `/v2/events?wait=${LONGEST_WAIT_S}`, { 'x-vital-api-key': key });
      const stopped = api.stop();
      await eventually(() => expect(send(url, 'GET', '/healthz', undefined, {})).rejects.toThrow());
      expect(await poll.finish()).toMatchObject({ status: 200, body: { data: [], has_more: false } });
      expect(Date.now() - pollBegan).toBeLessThan(LONGEST_WAIT_S * 1_000);
      expect(await halfSent.finish({ client_user_id: randomUUID() })).toMatchObject({ status: 200 });
      expect(await stopped).toBe(0);
    } finally {
      await api.kill();
    }
    expect(readFileSync(log, 'utf8')).not.toMatch(/canary-secret|sk_continuo_/);
  });

  test.each([
    ['a variable is wrong', { DEXCOM_REGION: 'mars' }, /DEXCOM_REGION is not one or several of us, eu, jp, sandbox, simulator/],
    ['the database is not there', { MONGODB_URI: 'mongodb://127.0.0.1:9/' }, /could not start/],
  ])('does not start if %s, and says so', async (_, change, words) => {
    const { code, stdout, stderr } = await run('src/server.ts', [], change);
    expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(words)]);
    expect(stdout + stderr).not.toContain('canary-secret');
  });
});

describe('npm run admin', () => {
  const stores = () => {
    const { db } = database;
    return { teams: new Teams(db), apiKeys: new ApiKeys(db), integrationTeamIds: new IntegrationTeamIds(db) };
  };
  const key = (request: object) => createKey(stores(), { label: '', ...request });
  const someTeam = async (): Promise<string> => (await createTeam(new Teams(database.db), { name: 'some', redirectUrl: [] })).teamId;

  test('makes teams of one organisation, and keys that are shown once', async () => {
    const url = 'https://app.example/connected';
    const team = await admin('team', 'create', '--name', 'first', '--redirect-url', url, '--redirect-url', 'myapp://done');
    const other = await admin('team', 'create', '--name', 'second');
    expect(other.orgId).toBe(team.orgId);
    expect(await database.db.collection('teams').findOne({ name: 'first' })).toMatchObject({ redirectUrls: [url, 'myapp://done'] });

    const key = await admin(
      'key',
      'create',
      '--team',
      team.teamId,
      '--label',
      'ours',
      '--scopes',
      'users:read,glucose:read',
      '--expires',
      '90d',
    );
    expect(key).toMatchObject({
      key: expect.stringMatching(/^sk_continuo_[\w-]{43}$/),
      teamId: team.teamId,
      label: 'ours',
      scopes: ['users:read', 'glucose:read'],
    });
    expect(Math.round((Date.parse(key.expiresAt) - Date.now()) / 86_400_000)).toBe(90);
    const management = await admin('key', 'create', '--management');
    expect(management).toMatchObject({
      key: expect.stringMatching(/^mk_continuo_/),
      teamId: null,
      scopes: ['management'],
      expiresAt: null,
    });
    expect(await admin('key', 'revoke', '--id', key.keyId)).toMatchObject({ revoked: true });
    expect(await admin('key', 'revoke', '--id', key.keyId)).toMatchObject({ revoked: false });
  });

  test('changes what is said of a team, and nothing else', async () => {
    const { teamId } = await createTeam(new Teams(database.db), { name: 'changing', redirectUrl: ['https://app.example/cb'] });
    const change = ['--reject-duplicates', 'yes', '--push-history', 'yes', '--history-days', '90', '--integration-id', 'ours'];
    expect(await admin('team', 'set', '--id', teamId, ...change)).toMatchObject({
      name: 'changing',
      redirectUrls: ['https://app.example/cb'],
      rejectDuplicates: true,
      pushHistory: true,
      historyDays: 90,
      integrationTeamId: 'ours',
    });
    expect(await new Teams(database.db).byId(teamId)).toMatchObject({
      pushHistoricalData: true,
      pullPreferences: { historicalDaysToPull: 90 },
    });
    const back = await setTeam(stores(), { id: teamId, historyDays: 'all', integrationId: 'none' });
    expect(back).toMatchObject({ historyDays: 'all', integrationTeamId: null, rejectDuplicates: true });
  });

  test('removes a team that has no users, with its keys', async () => {
    const teamId = await someTeam();
    const made = await key({ team: teamId });
    expect(await admin('team', 'remove', '--id', teamId)).toEqual({ teamId, removed: true });
    expect(await new Teams(database.db).byId(teamId)).toBeNull();
    expect(JSON.stringify(await listKeys(stores(), {}))).not.toContain(made.keyId);
  });

  test('removes no team that has users, and none that is not there', async () => {
    const teamId = await someTeam();
    await database.db.collection('users').insertOne({ teamId, deletion: null });
    await expect(admin('team', 'remove', '--id', teamId)).rejects.toThrow(`--id ${teamId} has users (1): delete them first`);
    expect(await new Teams(database.db).byId(teamId)).not.toBeNull();
    await expect(admin('team', 'remove', '--id', 'x')).rejects.toThrow('--id x is no team');
  });

  test('lists keys without a secret, a team’s or all', async () => {
    const teamId = await someTeam();
    const made = await key({ team: teamId, label: 'listed' });
    const listed = await admin('key', 'list', '--team', teamId);
    expect(listed).toMatchObject([{ keyId: made.keyId, label: 'listed', lastFour: made.key.slice(-4), lastUsedAt: null }]);
    expect(JSON.stringify(await listKeys(stores(), {}))).toMatch(made.keyId);
    expect(JSON.stringify(listed)).not.toContain(made.key);
  });

  test('brings a team’s Dexcom app along, its secret by standard input and never printed', async () => {
    const teamId = await someTeam();
    const args = ['credentials', 'set', '--team', teamId, '--region', 'eu', '--client-id', 'their-app', '--json'];
    const set = await run('src/admin.ts', args, {}, 'canary-client-secret\n');
    expect([set.code, JSON.parse(set.stdout)]).toEqual([0, expect.objectContaining({ region: 'eu', clientId: 'their-app' })]);
    expect(set.stdout + set.stderr).not.toContain('canary-client-secret');

    const credentials = new DexcomCredentials(database.db, createKeyring(parseKeys(env['CONTINUO_ENCRYPTION_KEYS'] ?? '')));
    expect(await credentials.find(teamId, 'eu')).toMatchObject({ clientId: 'their-app', clientSecret: 'canary-client-secret' });
    const listed = await listCredentials(credentials, teamId);
    expect([listed.length, JSON.stringify(listed)]).toEqual([1, expect.not.stringContaining('canary-client-secret')]);
    expect(await removeCredentials(credentials, { team: teamId, region: 'eu' })).toEqual({ region: 'eu', removed: true });
    await expect(removeCredentials(credentials, { team: teamId, region: 'mars' })).rejects.toThrow(/--region mars is none of us/);
  });

  test.each([
    ['neither yes nor no', { pushHistory: 'perhaps' }, /--push-history perhaps is neither yes nor no/],
    ['days that are none', { historyDays: '0' }, /--history-days 0 is neither all nor a number/],
    ['a redirect that runs', { redirectUrl: ['javascript:alert(1)'] }, /--redirect-url javascript/],
    ['nothing', {}, /nothing is said/],
    ['a team that is none', { id: 'x', name: 'x' }, /--id x is no team/],
  ])('sets a team to nothing with %s, naming the option', async (_, setting, words) => {
    await expect(setTeam(stores(), { id: await someTeam(), ...setting })).rejects.toThrow(words);
  });

  test.each([
    ['no team', () => key({}), /--team <id> or --management is needed/],
    ['a team that is none', () => key({ team: 'x' }), /--team x does not exist/],
    ['both at once', () => key({ team: 'x', management: true }), /--team and --management exclude each other/],
    ['an organisation without a team', () => key({ management: true, org: 'x' }), /--org x has no team yet/],
    [
      'a scope that is none',
      async () => key({ team: await someTeam(), scopes: 'users:read,everything' }),
      /--scopes everything is none of users:read/,
    ],
    ['a time that is none', async () => key({ team: await someTeam(), expires: 'soon' }), /--expires soon is neither/],
    ['a time that is over', async () => key({ team: await someTeam(), expires: '2020-01-01' }), /--expires 2020-01-01 is over/],
    [
      'a redirect that is none',
      () => createTeam(new Teams(database.db), { name: 'x', redirectUrl: ['here'] }),
      /--redirect-url here is not a URL/,
    ],
    [
      'an organisation that no path could name',
      () => createTeam(new Teams(database.db), { name: 'x', redirectUrl: [], org: 'a/b' }),
      /--org a\/b is no id of an organisation/,
    ],
  ] as const)('refuses %s, naming the option', async (_, make, words) => {
    await expect(make()).rejects.toThrow(words);
  });

  test('says what was wrong, without a stack', async () => {
    const { code, stderr } = await run('src/admin.ts', ['key', 'create', '--team', 'x']);
    expect([code, stderr.trim()]).toEqual([1, 'error: --team x does not exist']);
  });

  test('needs no more than the database, and names what is missing', async () => {
    const { code, stderr } = await run('src/admin.ts', ['team', 'list'], { MONGODB_URI: '', DEXCOM_CLIENT_ID: '' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('MONGODB_URI is not set')]);
    expect((await run('src/admin.ts', ['team', 'list'], { DEXCOM_CLIENT_ID: '', TEMPORAL_ADDRESS: '' })).code).toBe(0);
  });
});
