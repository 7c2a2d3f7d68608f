import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { throwawayFolder } from '../../local/processes/throwaway';
import { waitUntil } from '../../local/processes/waitUntil';
import { createControlClient } from '../../simulator/controlClient';
import { mongodbUri, temporalAddress } from '../servers';
import { RunningStart } from './runningStart';

const RECORDING = join(__dirname, '../fixtures/clarity-g6-part.csv');
const data = throwawayFolder();

/** Other ways than the usual one, one after the other in the same folder. */
describe('npm start', () => {
  let start: RunningStart | undefined;
  afterAll(() => start?.end('SIGTERM'));

  test('--replay with --history-only, on servers that the environment names: all of the recording is history, equal reading by reading', async () => {
    const id = randomUUID().slice(0, 8);
    start = await RunningStart.begin(data, ['--replay', RECORDING, '--history-only', '--users', '3'], {
      TEMPORAL_ADDRESS: temporalAddress(),
      MONGODB_URI: mongodbUri(),
      MONGODB_DATABASE: `start-${id}`,
      CONTINUO_QUEUE_PREFIX: `start-${id}-`,
    });
    expect(start.at).toMatchObject({ temporalUiUrl: null, temporalAddress: temporalAddress(), database: `start-${id}` });
    await start.untilEvent('historical.data.glucose.created');
    const { simulatorUrl } = start.at;
    const recorded = await createControlClient(simulatorUrl).readings('clarity-g6-part-history');
    const readings = await start.readings();
    expect(readings.length).toBeGreaterThan(400);
    expect(readings.map(({ at, mgPerDl }) => [at, mgPerDl])).toEqual(recorded.map(({ measuredAt, mgPerDl }) => [measuredAt, mgPerDl]));
    expect(start.of('daily.data.glucose.created', start.userId)).toEqual([]);
  });

  test('--users: so many people are connected, and a table shows their histories', async () => {
    const named = ['demo-clarity-g6-part-history', 'demo-ada', 'demo-ben'].map((client_user_id) =>
      expect.objectContaining({ client_user_id }),
    );
    expect(await start?.api('/v2/user')).toMatchObject({ total: 3, users: expect.arrayContaining(named) });
    await waitUntil(() => /3 people +[\d,]+\n/.test(start?.said ?? ''), { withinMs: 120_000 });
    const table = /person +history from +windows +readings\n([\s\S]+?) +3 people/.exec(start?.said ?? '')?.[1] ?? '';
    const rows = table
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/ {2,}/));
    expect(rows.map(([name]) => name)).toEqual(['clarity-g6-part-history', 'ada', 'ben']);
    expect(Number(rows[0]?.[3])).toBe((await start?.readings())?.length);
    for (const [, from, , readings] of rows)
      expect([from, readings]).toEqual([expect.stringMatching(/^20\d\d-/), expect.stringMatching(/^[\d,]+$/)]);
  });

  test('--no-demo: the stack without a user; what a killed start had left running is ended first, and a database gone is made anew', async () => {
    const left = start?.alive() ?? [];
    await start?.end('SIGKILL');
    const userBefore = start?.userId;
    start = await RunningStart.begin(data, ['--no-demo']);
    for (const name of ['api', 'simulator', 'worker']) {
      expect(left.map((process) => process.name)).toContain(name);
      expect(start.said).toMatch(new RegExp(`Ended what a killed start had left running: .*${name}`));
    }
    expect(start.at).toMatchObject({ userId: null, linkUrl: null, temporalUiUrl: expect.any(String) });
    expect(await start.api('/v2/user')).toMatchObject({ users: [] });
    await expect(start.api(`/v2/user/${userBefore}`)).rejects.toThrow('404');
    expect(start.events).toEqual([]);
  });

  test('the database dying ends it in words, with everything stopped', async () => {
    const database = start?.alive().find(({ name }) => ['mongod', 'ferretdb'].includes(name));
    process.kill(database?.pid ?? 0, 'SIGKILL');
    expect(await start?.untilEnd()).toBe(1);
    expect(start?.said).toMatch(/(mongod|ferretdb) was ended by SIGKILL[\s\S]*\n {2}→ start again: what was stored is kept/);
    expect(start?.said).not.toMatch(/^\s+at /m);
    expect(start?.alive()).toEqual([]);
  });
});
