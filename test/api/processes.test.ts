import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { freePort } from '../../local/processes/freePort';
import { EngineProcess } from '../engine/engineProcess';
import { eventually } from '../engine/eventually';
import { type OwnPrograms, openPrograms } from '../ownPrograms';
import { send } from './apiWorld';

/** Of a poll that nobody ends. */
const LONGEST_WAIT_S = 30;

let programs: OwnPrograms;
let folder: string;

beforeAll(async () => {
  programs = await openPrograms();
  folder = mkdtempSync(join(tmpdir(), 'continuo-api-'));
});
afterAll(async () => {
  await programs?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
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

describe('the API process', () => {
  test('serves, lets requests under way end when told to stop, answers who waits for events, and leaves with success', async () => {
    const port = await freePort();
    const metricsPort = await freePort();
    const log = join(folder, 'api.log');
    const api = new EngineProcess('src/server.ts', { ...programs.env, PORT: String(port), METRICS_PORT: String(metricsPort) }, log);
    api.start();
    const url = `http://127.0.0.1:${port}`;
    try {
      await eventually(async () => expect((await send(url, 'GET', '/readyz', undefined, {})).status).toBe(200));
      const { teamId } = await programs.admin('team', 'create', '--name', 'an app');
      const { key } = await programs.admin('key', 'create', '--team', teamId);
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
    const { code, stdout, stderr } = await programs.run('src/server.ts', [], change);
    expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(words)]);
    expect(stdout + stderr).not.toContain('canary-secret');
  });

  test.each([
    ['the API', 'src/server.ts', 'PORT'],
    ['the API', 'src/server.ts', 'METRICS_PORT'],
    ['the worker', 'src/worker.ts', 'METRICS_PORT'],
  ])('%s does not start if another process has its port, and names the port and its variable (%s, %s)', async (_, script, variable) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { code, stdout, stderr } = await programs.run(script, [], { PORT: '0', [variable]: String(port) });
      expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(`  ${variable} .*port ${port} .*[Aa]ddress already in use`))]);
      expect(stdout + stderr).not.toMatch(/ {4}at /);
    } finally {
      other.close();
    }
  });
});
