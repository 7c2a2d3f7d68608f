import { eventually } from '../engine/eventually';
import { allReadings, visible } from '../engine/judge';
import { lastFallBack } from './recordsPeople';
import type { RecordsWorld } from './recordsWorld';
import { expectAsLedger } from './somebody';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Of when a record was measured, by whichever clock. */
export function recordTimes(world: () => RecordsWorld): void {
  test.concurrent('survival 17: every form of a time is read, and what Dexcom wrote is not taken for another instant', async () => {
    const { engine, somebody } = world();
    const [dirty, rough] = [await somebody('dirty-times'), await somebody('rough-times')];
    const takenAt = new Map((await visible(engine, 'dirty-times', Date.now())).map(({ recordId, measuredAt }) => [recordId, measuredAt]));
    const exact = (await expectAsLedger(engine, dirty)).filter(({ record_id }) => takenAt.has(record_id));
    expect(
      exact.filter(({ record_id, system_time }) => Math.abs(Date.parse(system_time) - (takenAt.get(record_id) ?? 0)) >= SECOND),
    ).toEqual([]);
    const samples = [...exact, ...(await expectAsLedger(engine, rough))];
    expect(new Set(samples.map(({ timezone_offset }) => timezone_offset))).toEqual(new Set([offsetIn('America/Los_Angeles')]));
  });

  test.concurrent('survival 18: systemTime orders, displayTime tells the local clock only: flights, drift and a display that is days off', async () => {
    const { engine, somebody, begunAt: now } = world();
    const traveller = await somebody('traveller');
    const samples = await expectAsLedger(engine, traveller);
    expect(samples.map(({ system_time }) => system_time)).toEqual(samples.map(({ system_time }) => system_time).toSorted());
    const offsetsIn = (from: number, to: number) => [
      ...new Set(
        samples
          .filter(({ system_time }) => isWithin(Date.parse(system_time), now - from, now - to))
          .map((sample) => sample.timezone_offset),
      ),
    ];
    const [tokyo, kolkata] = [9 * 3_600, 5.5 * 3_600];
    expect([
      offsetsIn(24 * HOUR, 12 * HOUR),
      offsetsIn(12 * HOUR, 9 * HOUR),
      offsetsIn(9 * HOUR, 7 * HOUR),
      offsetsIn(6 * HOUR, 0),
    ]).toEqual([[tokyo], [tokyo], [tokyo], [kolkata]]);
    // The clock as it was shown stays: nobody knows better.
    const shifted = samples.find(({ system_time }) => isWithin(Date.parse(system_time), now - 8 * HOUR, now - 7 * HOUR));
    expect(Date.parse(`${shifted?.display_time?.slice(0, 19)}Z`) - Date.parse(shifted?.system_time ?? '')).toBeCloseTo(
      9 * HOUR - 48 * HOUR,
      -4,
    );
  });

  test.concurrent('survival 18: the hour that a clock lives twice is two hours', async () => {
    const { engine, somebody } = world();
    const fallBack = lastFallBack();
    const samples = await expectAsLedger(engine, await somebody('fall-back'));
    const twice = samples.filter(({ system_time }) => isWithin(Date.parse(system_time), fallBack - HOUR, fallBack + HOUR));
    const ledger = (await visible(engine, 'fall-back', Date.now(), fallBack - HOUR)).filter(
      ({ measuredAt }) => measuredAt < fallBack + HOUR,
    );
    expect(twice.length).toBe(ledger.filter(({ mgPerDl }) => mgPerDl !== null).length);
    expect(twice.length).toBeGreaterThan(20);
    expect(new Set(twice.map(({ timezone_offset }) => timezone_offset))).toEqual(new Set([-4 * 3_600, -5 * 3_600]));
  });

  test.concurrent('survival 19: times a day ahead are quarantined, no readings, and move no cursor: the right ones go on being told', async () => {
    const { engine, somebody, told, quarantined } = world();
    const ahead = await somebody('ahead');
    expect((await quarantined(ahead, 'limit=250')).data.map(({ reason }) => reason)).toContain('systemTime is in the future');
    const [from, to] = [Date.now(), Date.now() + 8 * SECOND];
    await engine.simulator.control.changePerson('ahead', { clockErrors: [{ from, to, system: '25h', display: '25h' }] });
    await eventually(async () => expect(await engine.simulator.control.readings('ahead', { from: from + 24 * HOUR })).not.toEqual([]));
    expect((await allReadings(engine, ahead.userId)).filter(({ system_time }) => Date.parse(system_time) > Date.now() + MINUTE)).toEqual(
      [],
    );
    const before = told('created', ahead).length;
    await eventually(() => expect(told('created', ahead).length).toBeGreaterThan(before + 2));
  });
}

const isWithin = (at: number, from: number, to: number): boolean => at >= from && at < to;

/** Now, seconds. */
function offsetIn(timeZone: string): number {
  const shown = new Date(`${new Date().toLocaleString('sv-SE', { timeZone })}Z`).getTime();
  return Math.round((shown - Date.now()) / MINUTE) * 60;
}
