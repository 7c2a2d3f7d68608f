import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, startEngine } from './engine';
import { eventually } from './eventually';
import { allReadings, repeated, visible } from './judge';

/** Two days of a real person's readings; `CLARITY_FILE=<export> npx jest test/engine/clarity` takes any other export. */
const RECORDING = process.env.CLARITY_FILE ?? join(__dirname, '../fixtures/clarity-g6-part.csv');

describe('a real CGM recording, through simulator, OAuth, workflow, database and API', () => {
  let engine: Engine;
  let userId: string;

  beforeAll(async () => {
    engine = await startEngine({ simulator: { replay: RECORDING, historyOnly: true, delay: '0s' } });
    userId = await engine.connect(engine.simulator.person);
    await eventually(() => expect(engine.receiver.distinct('historical.data.glucose.created')).toHaveLength(1));
  });
  afterAll(() => engine?.stop());

  test('comes out equal, reading by reading, in order', async () => {
    const recorded = valuesOf(RECORDING);
    const samples = await allReadings(engine, userId);
    expect(samples.map(({ value_mg_per_dl }) => value_mg_per_dl)).toEqual(recorded.map(({ mgPerDl }) => mgPerDl));
    expect(stepsMs(samples.map(({ timestamp }) => Date.parse(timestamp)))).toEqual(stepsMs(recorded.map(({ at }) => at)));
  });

  test('is what the ledger says was visible, each record once', async () => {
    const samples = await allReadings(engine, userId);
    const ledger = await visible(engine, engine.simulator.person, Date.now());
    expect(repeated(samples.map(({ record_id }) => record_id))).toEqual([]);
    expect(samples.map(({ record_id }) => record_id)).toEqual(ledger.map(({ recordId }) => recordId));
  });

  test('is history: no event carries any of it', () => {
    expect(engine.receiver.distinct('daily.data.glucose.created')).toEqual([]);
    expect(engine.receiver.refused).toEqual([]);
  });
});

/** Read on its own, so that a mistake of the simulator's reader shows. */
function valuesOf(file: string): { at: number; mgPerDl: number }[] {
  const rows = readFileSync(file, 'utf8').split(/\r?\n/);
  return rows
    .map((row) => row.split(','))
    .filter(([, , type]) => type === 'EGV')
    .map(([, at = '', , , , , , value = '']) => ({ at: Date.parse(`${at}Z`), mgPerDl: Number(value) }))
    .toSorted((a, b) => a.at - b.at);
}

const stepsMs = (instants: readonly number[]): number[] => instants.slice(1).map((instant, n) => instant - (instants[n] ?? 0));
