import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerReading } from '../../simulator/ledger/ledgerReading';
import { type Simulator, startSimulator } from '../simulator';
import { connect, egvs } from './app';

const FILE = join(__dirname, '../fixtures/clarity-g6-part.csv');
const DAY = 86_400_000;
const RECORDED = readFileSync(FILE, 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, time, kind, , , , , value] = line.split(',');
    return kind === 'EGV' ? [{ at: Date.parse(`${time}Z`), mgPerDl: Number(value) }] : [];
  });
const BEFORE = Math.floor(RECORDED.length * 0.8);

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ people: 1, replay: FILE });
  await simulator.control.clock({ rate: 0 });
});
afterAll(() => simulator.stop());

const values = (readings: readonly LedgerReading[]): (number | null)[] => readings.map(({ mgPerDl }) => mgPerDl);
const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, n) => time - (times[n] ?? 0));

describe('§8.38 a recording told again', () => {
  test('is equal reading by reading through the API: values, order and every gap', async () => {
    const { person } = simulator;
    const tokens = await connect(simulator, person);
    const { now } = await simulator.control.clock();
    const records = (await egvs(simulator, tokens, now - 3 * DAY, now + DAY)).toReversed();
    expect(records.map(({ value }) => value)).toEqual(RECORDED.slice(0, BEFORE).map(({ mgPerDl }) => mgPerDl));
    expect(gaps(records.map(({ systemTime }) => Date.parse(systemTime)))).toEqual(gaps(RECORDED.slice(0, BEFORE).map(({ at }) => at)));
  });

  test('lies with four fifths before now, streams the rest at its own pace, and then begins again', async () => {
    const { person } = simulator;
    const { createdAt } = await simulator.control.person(person);
    const [first] = RECORDED;
    const last = RECORDED.at(-1);
    if (!first || !last) throw new Error('the fixture has readings');
    await simulator.control.clock({ advance: 3 * DAY });
    const told = await simulator.control.readings(person);
    expect(told.filter(({ measuredAt }) => measuredAt <= createdAt)).toHaveLength(BEFORE);
    expect(values(told.slice(0, RECORDED.length + 50))).toEqual([...RECORDED, ...RECORDED.slice(0, 50)].map(({ mgPerDl }) => mgPerDl));
    expect(gaps(told.slice(0, RECORDED.length).map(({ measuredAt }) => measuredAt))).toEqual(gaps(RECORDED.map(({ at }) => at)));
    const [end, again] = told.slice(RECORDED.length - 1);
    expect(again && end && again.measuredAt - end.measuredAt).toBe(300_000);
    expect(again?.transmitterId).not.toBe(end?.transmitterId);
    expect(new Set(told.map(({ recordId }) => recordId)).size).toBe(told.length);
  });

  test('streams at a set interval where one is set, in the same order', async () => {
    await simulator.control.addPerson({ id: 'hasty', interval: '10s', replay: { file: FILE } });
    const { now } = await simulator.control.clock();
    await simulator.control.clock({ advance: '2h' });
    const told = await simulator.control.readings('hasty', { from: now + 1 });
    expect(told).toHaveLength(720);
    expect(new Set(gaps(told.map(({ measuredAt }) => measuredAt)))).toEqual(new Set([10_000]));
    expect(values(told)).toEqual(Array.from({ length: 720 }, (_, n) => RECORDED[(BEFORE + n) % RECORDED.length]?.mgPerDl));
  });

  test('changes its pace in the middle without losing or doubling a reading', async () => {
    await simulator.control.addPerson({ id: 'fickle', replay: { file: FILE } });
    await simulator.control.clock({ advance: '17m' });
    await simulator.control.changePerson('fickle', { interval: '30s' });
    await simulator.control.clock({ advance: '10m' });
    await simulator.control.changePerson('fickle', { interval: 'own' });
    await simulator.control.clock({ advance: '1d' });
    const told = await simulator.control.readings('fickle');
    expect(values(told)).toEqual(told.map((_, n) => RECORDED[n % RECORDED.length]?.mgPerDl));
    expect(told.map(({ key }) => key)).toEqual(told.map((_, n) => `recorded:${n}`));
  });

  test('lies before now as a whole where only its history is wanted, and nothing follows', async () => {
    await simulator.control.addPerson({ id: 'past', replay: { csv: readFileSync(FILE, 'utf8'), historyOnly: true } });
    const { now } = await simulator.control.clock();
    await simulator.control.clock({ advance: '2d' });
    const told = await simulator.control.readings('past');
    expect(values(told)).toEqual(RECORDED.map(({ mgPerDl }) => mgPerDl));
    expect(now - (told.at(-1)?.measuredAt ?? 0)).toBeLessThan(1_000);
  });

  test('that cannot be read is refused in words', async () => {
    await expect(simulator.control.addPerson({ id: 'wrong', replay: { csv: 'hello' } })).rejects.toThrow(/422.*Not a Clarity export/s);
    await expect(simulator.control.addPerson({ id: 'away', replay: { file: '/no/such/file.csv' } })).rejects.toThrow(/422.*no such file/is);
    await expect(startSimulator({ replay: '/no/such/file.csv' })).rejects.toThrow(/no such file/i);
  });

  test('names the lines it could not read to whoever added it', async () => {
    const csv = `${readFileSync(FILE, 'utf8')}9999,2016-10-26T11:29:14,EGV,,,,iPhone G6,unclear,,,,\n`;
    const { unreadable } = await simulator.control.addPerson({ id: 'nearly', replay: { csv } });
    expect(unreadable).toEqual([{ line: 511, reason: expect.stringContaining('unclear') }]);
  });
});
