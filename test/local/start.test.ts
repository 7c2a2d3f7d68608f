import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { Webhook } from 'svix';
import { z } from 'zod';
import { approve } from '../../local/demo/approve';
import { onPath } from '../../local/install/onPath';
import { throwawayFolder } from '../../local/processes/throwaway';
import { curlLines } from '../../local/screen/addresses';
import { createControlClient } from '../../simulator/controlClient';
import { eventually } from '../engine/eventually';
import { RunningStart } from './runningStart';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');
const CLIENT_ID = 'continuo-local';

const Pulls = z.object({
  data: z.tuple([
    z.object({ provider: z.object({ dexcom_v3: z.object({ pulled: z.object({ glucose: z.object({ readings: z.number() }) }) }) }) }),
  ]),
});

/** A recording of 20 readings and a line that is none; no two values are equal. */
const VALUES = Array.from({ length: 20 }, (_, n) => 100 + n);
const BEFORE_NOW = 16;
const DATA = throwawayFolder();
const RECORDING = join(throwawayFolder(), 'somebody.csv');
const OPTIONS = ['--interval', '2s', '--replay', RECORDING];

/** What a recording told round after round has at its first `count` places. */
const retold = (count: number): number[] => Array.from({ length: count }, (_, n) => VALUES[n % VALUES.length] ?? 0);

describe('npm start', () => {
  let start: RunningStart;
  const control = () => createControlClient(start.at.simulatorUrl);
  const ledger = () => control().readings('somebody', { visibleAt: Date.now(), clientId: CLIENT_ID });

  beforeAll(async () => {
    const rows = VALUES.map((value, n) => `${new Date(Date.UTC(2026, 0, 1, 10, 5 * n)).toISOString().slice(0, 19)},EGV,${value}`);
    writeFileSync(RECORDING, ['Timestamp,Event Type,Glucose Value (mg/dL)', ...rows, 'yesterday,EGV,111'].join('\n'));
    start = await RunningStart.begin(DATA, OPTIONS);
  });
  afterAll(() => start?.end('SIGTERM'));

  test('tells a script the addresses, keys and ids of everything in its first line', () => {
    expect(start.keys).toEqual([
      ...['apiUrl', 'apiKey', 'orgId', 'teamId', 'userId', 'linkUrl', 'temporalAddress', 'temporalUiUrl', 'mongodbUri', 'database'],
      ...['simulatorUrl', 'receiverUrl', 'receiverSecret', 'pageUrl'],
    ]);
  });

  test('and each of them works', async () => {
    const { apiUrl, linkUrl, temporalAddress, temporalUiUrl, mongodbUri, database, simulatorUrl, receiverUrl, receiverSecret } = start.at;
    expect(await start.api(`/v2/user/${start.userId}`)).toMatchObject({ user_id: start.userId, team_id: start.at.teamId });
    for (const page of [
      `${apiUrl}/reference`,
      `${apiUrl}/link.js`,
      start.at.pageUrl,
      temporalUiUrl ?? '',
      `${simulatorUrl}/_control/people`,
    ])
      expect((await fetch(page)).status).toBe(200);
    const link = await fetch(linkUrl ?? '', { redirect: 'manual' });
    expect(link.headers.get('location')).toContain(`${simulatorUrl}/v`);

    const temporal = await Connection.connect({ address: temporalAddress });
    await temporal.close();
    const mongo = new MongoClient(mongodbUri);
    const users = mongo.db(database).collection<{ _id: string }>('users');
    expect(await users.countDocuments({ _id: start.userId })).toBe(1);
    await mongo.close();

    expect([await posted(receiverUrl, receiverSecret), await posted(receiverUrl, `whsec_${btoa('another secret'.repeat(2))}`)]).toEqual([
      204, 400,
    ]);
  });

  test('has four fifths of a recording behind it as history, then streams the rest and begins again', async () => {
    const connected = await start.untilEvent('provider.connection.created');
    await start.untilEvent('historical.data.glucose.created');
    const news = await start.untilEvent('daily.data.glucose.created');
    expect(Date.parse(news.receivedAt) - Date.parse(news.newestReadingAt ?? '')).toBe(news.ageMs);
    const { createdAt } = await control().person('somebody');
    const readings = await eventually(async () => {
      const told = await start.readings();
      expect(told.length).toBeGreaterThan(VALUES.length + 1);
      return told;
    });
    expect(readings.map(({ mgPerDl }) => mgPerDl)).toEqual(retold(readings.length));
    expect(readings.filter(({ at }) => at <= createdAt)).toHaveLength(BEFORE_NOW);
    expect(Date.parse(connected.receivedAt)).toBeGreaterThan(createdAt);
    expect(start.said).toContain(`${RECORDING}:22 is left out: `);
  });

  (onPath('curl') ? test : test.skip)('prints three curl lines that work as pasted, and so do those of the README', async () => {
    const [create = '', link = '', query = ''] = await Promise.all(
      curlLines(start.at).map(async ([, line]) => (await run('sh', ['-c', line])).stdout),
    );
    const { user_id: made } = z.object({ user_id: z.guid() }).parse(JSON.parse(create));
    expect(made).not.toBe(start.userId);
    const { link_web_url: url } = z.object({ link_web_url: z.url() }).parse(JSON.parse(link));
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302);
    expect(query).toContain(`"value_mg_per_dl":${VALUES[0]}`);

    const readme = /^API=[^`]*/m.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))?.[0] ?? '';
    const pasted = readme
      .replace(/^API=\S+ KEY=\S+/, `API=${start.at.apiUrl} KEY=${start.at.apiKey}`)
      .replaceAll('USER_ID', start.userId)
      .replaceAll('curl -s', 'echo; curl -s -f');
    const { stdout } = await run('bash', ['-c', `set -e\n${pasted}`]);
    const answers = stdout.trim().split('\n');
    for (const [n, part] of ['"client_user_id":"me"', '"link_web_url"', `"value_mg_per_dl":${VALUES[0]}`].entries())
      expect(answers[n]).toContain(part);
  });

  test('a person without any reading connects, has a whole history of none, and their first reading is news', async () => {
    await control().addPerson({ id: 'newcomer', historyDays: 0, interval: '1h' });
    const { user_id: userId } = z.object({ user_id: z.guid() }).parse(await start.api('/v2/user', { client_user_id: 'newcomer' }));
    const { link_web_url: url } = z
      .object({ link_web_url: z.url() })
      .parse(await start.api('/v2/link/token', { user_id: userId, provider: 'dexcom_v3' }));
    await approve(url, 'newcomer');

    await start.untilEvent('historical.data.glucose.created', userId);
    expect(await start.readings(userId)).toEqual([]);
    expect(await start.api(`/v2/introspect/historical_pull?user_id=${userId}`)).toMatchObject({
      data: [{ provider: { dexcom_v3: { pulled: { glucose: { status: 'success', readings: 0 } } } } }],
    });
    expect(start.of('daily.data.glucose.created', userId)).toEqual([]);

    await control().changePerson('newcomer', { interval: '2s' });
    const first = await start.untilEvent('daily.data.glucose.created', userId);
    const [oldest] = await control().readings('newcomer');
    expect((await start.readings(userId))[0]?.at).toBe(oldest?.measuredAt);
    expect(Date.parse(first.newestReadingAt ?? '')).toBeGreaterThanOrEqual(oldest?.measuredAt ?? Number.POSITIVE_INFINITY);
    await control().changePerson('newcomer', { interval: 'none' });
  });

  test('a second start in the same folder, and one that wants a port of this one, are refused in words', async () => {
    const same = await RunningStart.attempt(DATA, []);
    expect(await same.untilEnd()).toBe(1);
    expect(same.said).toMatch(/The stack of .* is running already \(process \d+\)\n {2}→ use that one\n {2}→ or stop it/);

    const port = new URL(start.at.apiUrl).port;
    const servers = { TEMPORAL_ADDRESS: start.at.temporalAddress, MONGODB_URI: start.at.mongodbUri };
    const other = await RunningStart.attempt(throwawayFolder(), ['--port', port], servers);
    expect(await other.untilEnd()).toBe(1);
    expect(other.said).toContain(`Port ${port} is taken by another program\n  → choose another: --port PORT`);
    for (const { said } of [same, other]) expect(said).not.toMatch(/^\s+at /m);
  });

  test('the tests can be run beside it, and disturb nothing', async () => {
    const before = start.alive().map(({ pid }) => pid);
    const env = { ...process.env, TEMPORAL_ADDRESS: '', MONGODB_URI: '' };
    const jest = [join(ROOT, 'node_modules/jest/bin/jest.js'), 'test/storage/quarantine.test.ts'];
    const child = spawn(process.execPath, jest, { cwd: ROOT, env, stdio: 'ignore' });
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    expect(start.alive().map(({ pid }) => pid)).toEqual(before);
    const came = start.events.length;
    await eventually(() => expect(start.events.length).toBeGreaterThan(came));
  });

  test('a worker killed is started again', async () => {
    const worker = () => start.alive().find(({ name }) => name === 'worker');
    const before = worker();
    // One that ends in its first ten seconds is not helped by starting it again.
    await sleep(Math.max(0, (before?.startedAt ?? 0) + 10_500 - Date.now()));
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await eventually(() => expect([undefined, before?.pid]).not.toContain(worker()?.pid));
    // Its words come by a pipe, its processes are read from the disk.
    await eventually(() => expect(start.said).toContain('worker ended unasked; starting it again'));
    const came = start.events.length;
    await eventually(() => expect(start.events.length).toBeGreaterThan(came));
  });

  test('Ctrl-C stops all of it in order, though npm passes the signal on once more', async () => {
    start.child.kill('SIGINT');
    await sleep(50);
    expect(await start.end('SIGINT')).toBe(0);
    expect(start.alive()).toEqual([]);
    expect([...start.said.matchAll(/^Stopping: (.*)$/gm)].map(([, name]) => name)).toEqual(
      expect.arrayContaining(['worker', 'API', 'webhook receiver', 'simulator', 'Temporal', 'database']),
    );
    expect(start.said).toMatch(/worker\nStopping: API\nStopping: webhook receiver\nStopping: simulator\n/);
  });

  test('the next start goes on with the same user; each reading missed meanwhile comes once; Dexcom remembers', async () => {
    const first = start;
    const stoppedAt = Date.now();
    await sleep(6_000); // three readings, which nobody fetches
    start = await RunningStart.begin(DATA, OPTIONS);
    expect(start.at).toEqual({ ...first.at, linkUrl: expect.any(String) });
    await start.untilEvent('daily.data.glucose.created');
    expect(start.of('historical.data.glucose.created', start.userId)).toEqual([]);
    expect(await control().grants({ personId: 'somebody' })).toHaveLength(1);

    await control().changePerson('somebody', { interval: 'none' });
    const [history] = Pulls.parse(await start.api(`/v2/introspect/historical_pull?user_id=${start.userId}`)).data;
    await eventually(async () => {
      const [shown, readings] = [await ledger(), await start.readings()];
      expect(readings.map(({ recordId }) => recordId)).toEqual(shown.map(({ recordId }) => recordId));
      expect(readings.map(({ mgPerDl }) => mgPerDl)).toEqual(retold(readings.length));
      const told = [first, start].flatMap((each) => each.of('daily.data.glucose.created', start.userId));
      const messages = new Map(told.map(({ messageId, readings: count = 0 }) => [messageId, count]));
      const announced = [...messages.values()].reduce((sum, count) => sum + count, 0);
      expect(announced + history.provider.dexcom_v3.pulled.glucose.readings).toBe(readings.length);
    });
    const shown = await ledger();
    const readyAt = Date.parse(start.events[0]?.receivedAt ?? '');
    expect(shown.filter(({ measuredAt }) => measuredAt > stoppedAt && measuredAt < readyAt).length).toBeGreaterThanOrEqual(3);
    expect(shown[0]?.firstServedAt).toBeLessThan(stoppedAt);
  });

  test('Temporal dying ends it in words, with everything stopped', async () => {
    const [temporal] = start.alive().filter(({ name }) => name === 'temporal');
    process.kill(temporal?.pid ?? 0, 'SIGKILL');
    expect(await start.untilEnd()).toBe(1);
    expect(start.said).toMatch(/temporal was ended by SIGKILL[\s\S]*→ read .*temporal\.log\n {2}→ start again: what was stored is kept/);
    expect(start.said).not.toMatch(/^\s+at /m);
    expect(start.alive()).toEqual([]);
  });
});

/** An event of an app's own making, signed. @returns how the receiver answers */
async function posted(url: string, secret: string): Promise<number> {
  const body = JSON.stringify({
    event_type: 'test.event',
    user_id: '00000000-0000-4000-8000-000000000000',
    client_user_id: 'nobody',
    data: {},
  });
  const at = new Date();
  const { status } = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'svix-id': 'msg_test',
      'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
      'svix-signature': new Webhook(secret).sign('msg_test', at, body),
    },
  });
  return status;
}
