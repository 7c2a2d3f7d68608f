import type { Simulator } from '../simulator';
import { connect, egvsPath, get, stoppedSimulator } from './app';

const DAY = 86_400_000;

type LooseRecord = Readonly<Record<string, unknown>>;

let simulator: Simulator;
let now: number;
beforeAll(async () => {
  ({ simulator, now } = await stoppedSimulator());
});
afterAll(() => simulator.stop());

type Oddities = Parameters<Simulator['control']['changePerson']>[1]['oddities'];

/** What one and the same person's records look like with and without oddities. */
async function list(name: string, oddities: Oddities = []): Promise<LooseRecord[]> {
  const known = (await simulator.control.people()).some(({ id }) => id === 'odd');
  if (!known) await simulator.control.addPerson({ id: 'odd', historyDays: 4, zone: 'America/Denver', device: 'g7-ios', records: 'all' });
  await simulator.control.changePerson('odd', { oddities });
  const { text } = await get(simulator, await connect(simulator, 'odd'), egvsPath(now - 3 * DAY, now).replace('egvs', name));
  const { records }: { records: LooseRecord[] } = JSON.parse(text);
  return records;
}

const forms = (records: readonly LooseRecord[], field: string): string[] =>
  [...new Set(records.map((record) => String(record[field]).replace(/\d/g, '0')))].toSorted();

test('§8.23 times come in every form of F8 by two oddities, and in one form without', async () => {
  expect(forms(await list('egvs'), 'displayTime')).toEqual(['0000-00-00T00:00:00-00:00']);
  const rough = await list('egvs', ['roughTimes']);
  expect(forms(rough, 'displayTime')).toEqual([
    '0000-00-00T00:00-00:00',
    '0000-00-00T00:00:00-00',
    '0000-00-00T00:00:00-00:00',
    '0000-00-00T00:00:00-00:00:00',
  ]);
  expect(forms(rough, 'systemTime')).toEqual(['0000-00-00T00:00:00Z', '0000-00-00T00:00Z']);
  expect(rough.map(({ displayTime }) => String(displayTime).slice(19))).toContain('-05:59:58');
  const dirty = forms(await list('egvs', ['dirtyTimes']), 'displayTime');
  expect(dirty).toEqual(
    expect.arrayContaining(['0000-00-00 00:00:00-00:00', '0000-00-00T00:00:00', '0000-00-00T00:00:00-0000', '0000-0-00T00:00:00-00:00']),
  );
});

test('§8.32 words and fields nobody documented come, and fields go missing', async () => {
  const records = await list('egvs', ['strangeWords', 'sparse']);
  expect(records.some((record) => 'sensorMood' in record)).toBe(true);
  expect(records.map(({ transmitterGeneration }) => transmitterGeneration)).toContain('g6 pro');
  expect(records.some((record) => !('transmitterGenerationVariant' in record))).toBe(true);
});

test('§8.33 exact duplicates and invalid records come among the good ones', async () => {
  const clean = await list('egvs');
  const records = await list('egvs', ['duplicates', 'invalidRecords']);
  const distinct = new Set(records.map((record) => JSON.stringify(record)));
  expect(records.length - distinct.size).toBeGreaterThan(30);
  expect(distinct.size).toBe(clean.length + 4);
});

test('§8.29 event values come as numbers, as −1 or not at all', async () => {
  const clean = await list('events');
  const records = await list('events', ['wrongTypes']);
  expect(clean.some(({ value }) => typeof value === 'number' || value === '-1.00')).toBe(false);
  const values = records.map(({ value }) => value);
  expect(values.map((value) => typeof value)).toEqual(expect.arrayContaining(['string', 'number', 'undefined']));
  expect(values).toContain('-1.00');
});
