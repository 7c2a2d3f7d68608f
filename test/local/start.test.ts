import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stillRunning } from '../../local/processes/record';
import { throwawayFolder } from '../../local/processes/throwaway';
import { RunningStart } from './runningStart';

const folder = throwawayFolder();
/** Whatever of a start's processes is alive. */
const alive = () => [folder, join(folder, 'app'), join(folder, 'temporal'), join(folder, 'database')].flatMap(stillRunning);

test('a script sees a person connected, the history complete, new readings as they come, and after a kill and a new start the same person', async () => {
  const first = await RunningStart.begin(folder, '--interval', '3s');
  const { userId } = first.at;
  const connected = await first.untilEvent('provider.connection.created');
  expect(connected.userId).toBe(userId);
  await first.untilEvent('historical.data.glucose.created');
  const news = await first.untilEvent('daily.data.glucose.created');
  expect(news.readings).toBeGreaterThan(0);
  expect(Date.parse(news.receivedAt) - Date.parse(news.newestReadingAt ?? '')).toBe(news.ageMs);
  expect(await first.api(`/v2/introspect/historical_pull?user_id=${userId}`)).toMatchObject({
    data: [{ user_id: userId, provider: { dexcom_v3: { pulled: { glucose: { status: 'success' } } } } }],
  });

  const abandoned = alive().filter(({ name }) => name !== 'start');
  await first.end('SIGKILL');
  expect(abandoned.map(({ name }) => name).sort()).toEqual(expect.arrayContaining(['api', 'simulator', 'temporal', 'worker']));

  const second = await RunningStart.begin(folder);
  expect(second.said).toContain('Ended what a killed start had left running');
  expect(second.at).toMatchObject({ userId, apiKey: first.at.apiKey, teamId: first.at.teamId });
  const next = await second.untilEvent('daily.data.glucose.created');
  expect(Date.parse(next.newestReadingAt ?? '')).toBeGreaterThan(Date.parse(news.newestReadingAt ?? ''));
  expect(second.events.map(({ event }) => event)).not.toContain('historical.data.glucose.created');

  expect(await second.end('SIGINT')).toBe(0);
  expect(alive()).toEqual([]);
  const stops = [...second.said.matchAll(/^Stopping: (.*)$/gm)].map(([, name]) => name);
  expect(stops.slice(0, 4)).toEqual(['worker', 'API', 'webhook receiver', 'simulator']);
  expect(readdirSync(folder)).toContain('memory.json');
}, 300_000);
