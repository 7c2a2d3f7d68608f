import type { LedgerReading } from '../../simulator/ledger/ledgerReading';
import type { Simulator } from '../simulator';
import { connect, egvs, get, stoppedSimulator } from './app';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

let simulator: Simulator;
beforeAll(async () => {
  ({ simulator } = await stoppedSimulator());
});
afterAll(() => simulator.stop());

type Wish = Parameters<Simulator['control']['addPerson']>[0];

async function readingsOf(wish: Wish): Promise<LedgerReading[]> {
  await simulator.control.addPerson({ historyDays: 25, ...wish });
  return simulator.control.readings(wish.id);
}
const lateness = ({ visibleAt, takenAt }: LedgerReading): number => (visibleAt ?? Number.NaN) - takenAt;
/** How many readings became visible at each instant at which more than one did. */
function bursts(readings: readonly LedgerReading[]): LedgerReading[][] {
  const at = new Map<number | null, LedgerReading[]>();
  for (const reading of readings) at.set(reading.visibleAt, [...(at.get(reading.visibleAt) ?? []), reading]);
  return [...at.values()].filter(({ length }) => length > 1);
}

describe('§8.25 the delay', () => {
  const phoneOffline = { every: '5d', most: '1d' };

  test('counts from measurement by default: what comes late is visible as soon as it is uploaded', async () => {
    const readings = await readingsOf({ id: 'from-measurement', delay: '1h', phoneOffline });
    expect(Math.min(...readings.map(lateness))).toBe(HOUR);
    for (const burst of bursts(readings)) expect(Math.min(...burst.map(lateness))).toBeLessThan(HOUR + 5 * MINUTE + 5_000);
    expect(bursts(readings).length).toBeGreaterThan(3);
  });

  test('counts from the upload by switch: even the last reading of a burst waits for it once more', async () => {
    const readings = await readingsOf({ id: 'from-upload', delay: '1h', delayFrom: 'upload', phoneOffline });
    expect(bursts(readings).length).toBeGreaterThan(3);
    for (const burst of bursts(readings)) for (const reading of burst) expect(lateness(reading)).toBeGreaterThanOrEqual(HOUR);
    expect(Math.max(...readings.map(lateness))).toBeGreaterThan(13 * HOUR);
  });

  test('does not hold for uploads from a receiver, which are visible at once', async () => {
    const readings = await readingsOf({ id: 'by-hand', device: 'g6-receiver', delay: '3h', uploadsEvery: '1d' });
    for (const { visibleAt, takenAt } of readings) expect((visibleAt ?? 0) - takenAt).toBeLessThan(DAY);
    expect(Math.min(...readings.map(lateness))).toBeLessThan(HOUR);
  });
});

describe('§8.26 late readings', () => {
  test('of a G7 out of reach come in one burst, up to a day old', async () => {
    const readings = await readingsOf({ id: 'g7', device: 'g7-ios', signalLoss: { every: '4d', most: '20h' } });
    expect(bursts(readings).length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...readings.map(lateness))).toBeGreaterThan(9 * HOUR);
    expect(Math.max(...readings.map(lateness))).toBeLessThan(20 * HOUR);
  });

  test('of a G6 out of reach are three hours old at most; older ones are lost', async () => {
    const readings = await readingsOf({ id: 'g6', device: 'g6-ios', signalLoss: { every: '4d', most: '8h' } });
    expect(bursts(readings).length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...readings.map(lateness))).toBeLessThanOrEqual(3 * HOUR);
    const gaps = readings.slice(1).map(({ takenAt }, n) => takenAt - (readings[n]?.takenAt ?? takenAt));
    expect(gaps.filter((gap) => gap > 50 * MINUTE).length).toBeGreaterThanOrEqual(5);
  });

  test('of a phone offline for days come when it is back', async () => {
    const readings = await readingsOf({ id: 'offline', device: 'g7-ios', phoneOffline: { every: '8d', most: '4d' } });
    expect(Math.max(...readings.map(lateness))).toBeGreaterThan(2 * DAY - 10 * MINUTE);
    expect(Math.max(...bursts(readings).map(({ length }) => length))).toBeGreaterThan(500);
  });

  test('of a receiver come weeks late, in one upload, behind nothing that was served', async () => {
    await simulator.control.addPerson({ id: 'weeks', device: 'g6-receiver', historyDays: 60, uploadsEvery: '21d' });
    const { now: start } = await simulator.control.clock();
    const count = async (): Promise<number> =>
      (await egvs(simulator, await connect(simulator, 'weeks'), start - 5 * DAY, start + 25 * DAY)).length;
    const before = await count();
    await simulator.control.clock({ advance: '20d' });
    expect(await count()).toBe(before);
    await simulator.control.clock({ advance: '1d' });
    expect((await count()) - before).toBeGreaterThan(5_000);
  });

  test('are the same whenever and however the window is asked for', async () => {
    const whole = await readingsOf({
      id: 'same',
      historyDays: 10,
      signalLoss: { every: '2d', most: '10h' },
      phoneOffline: { every: '7d', most: '3d' },
      twin: { device: 'g7-receiver' },
    });
    const parts: LedgerReading[] = [];
    const { now: until } = await simulator.control.clock();
    for (let from = until - 11 * DAY; from <= until; from += 37 * HOUR)
      parts.push(...(await simulator.control.readings('same', { from, to: Math.min(from + 37 * HOUR, until + 1) })));
    expect(parts).toEqual(whole);
    await simulator.control.clock({ advance: '3d' });
    const later = await simulator.control.readings('same', { to: until + 1 });
    expect(later.filter(({ takenAt }) => takenAt <= until)).toEqual(whole);
  });

  test('are what a dataRange by visibility tells of, however old they are', async () => {
    await simulator.control.addPerson({ id: 'ranged', device: 'g6-receiver', historyDays: 40, uploadsEvery: '14d' });
    const { now: before } = await simulator.control.clock();
    await simulator.control.clock({ advance: '14d' });
    const lastSyncTime = new Date(before + 13 * DAY).toISOString();
    const { body } = await get(simulator, await connect(simulator, 'ranged'), `dataRange?lastSyncTime=${lastSyncTime}`);
    const late = (await simulator.control.readings('ranged', { visibleAt: before + 14 * DAY })).filter(
      ({ visibleAt }) => (visibleAt ?? 0) > before,
    );
    expect(body).toMatchObject({ egvs: { start: { systemTime: late[0]?.systemTime }, end: { systemTime: late.at(-1)?.systemTime } } });
    expect(late.length).toBeGreaterThan(3_000);
  });
});
