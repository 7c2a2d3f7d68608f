import type { Simulator } from '../simulator';
import { connect, type EgvRecord, egvs, get, stoppedSimulator, type Tokens } from './app';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

let simulator: Simulator;
let now: number;
beforeAll(async () => {
  ({ simulator, now } = await stoppedSimulator('2026-11-20T12:00:00Z'));
});
afterAll(() => simulator.stop());

const wallClock = (time: string): number => Date.parse(`${time.slice(0, 19)}Z`);
const shown = ({ systemTime, displayTime }: EgvRecord): number => wallClock(displayTime) - wallClock(systemTime);

async function connected(person: Parameters<Simulator['control']['addPerson']>[0]): Promise<Tokens> {
  await simulator.control.addPerson(person);
  return connect(simulator, person.id);
}

describe('§8.24 the clock of a device', () => {
  test('that goes back in autumn shows an hour twice, with two offsets', async () => {
    const tokens = await connected({ id: 'autumn', historyDays: 30, zone: 'America/New_York', device: 'g7-ios' });
    const change = Date.parse('2026-11-01T06:00:00Z');
    const records = await egvs(simulator, tokens, change - HOUR, change + HOUR);
    const twice = records.filter(({ displayTime }) => displayTime.startsWith('2026-11-01T01:'));
    expect(twice).toHaveLength(records.length);
    expect(new Set(twice.map(({ displayTime }) => displayTime.slice(19)))).toEqual(new Set(['-04:00', '-05:00']));
  });

  test('that goes forward in spring leaves an hour out', async () => {
    const tokens = await connected({ id: 'spring', historyDays: 260, zone: 'America/New_York', device: 'g6-receiver' });
    const change = Date.parse('2026-03-08T07:00:00Z');
    const records = await egvs(simulator, tokens, change - 2 * HOUR, change + 2 * HOUR);
    expect(records.length).toBeGreaterThan(20);
    expect(records.filter(({ displayTime }) => displayTime.startsWith('2026-03-08T02:'))).toEqual([]);
  });

  test('goes with a traveller, from the instant of arrival on', async () => {
    const travel = [
      { at: now - 12 * HOUR, zone: 'Asia/Tokyo' },
      { at: 'now-2h', zone: 'Asia/Kolkata' },
    ];
    const tokens = await connected({ id: 'traveller', historyDays: 2, zone: 'Europe/Berlin', device: 'g6-receiver', travel });
    for (const record of await egvs(simulator, tokens, now - DAY, now)) {
      const at = wallClock(record.systemTime);
      if (at < now - 12 * HOUR) expect(shown(record)).toBe(HOUR);
      else if (at < now - 2 * HOUR) expect(shown(record)).toBe(9 * HOUR);
      else expect(shown(record)).toBe(5.5 * HOUR);
    }
  });

  test('edited by hand is off by odd minutes, and systemTime is not', async () => {
    const clockErrors = [{ from: 'now-6h', to: 'now-3h', display: '-37m' }];
    const tokens = await connected({ id: 'edited', historyDays: 1, zone: 'UTC', device: 'g6-receiver', clockErrors });
    const truth = await simulator.control.readings('edited', { from: now - 6 * HOUR, to: now - 3 * HOUR });
    const records = await egvs(simulator, tokens, now - 6 * HOUR, now - 3 * HOUR);
    expect(records.map(({ recordId }) => recordId).toReversed()).toEqual(truth.map(({ recordId }) => recordId));
    expect(new Set(records.map(shown))).toEqual(new Set([-37 * MINUTE]));
  });

  test('of a receiver that was never told the local time shows UTC', async () => {
    const tokens = await connected({ id: 'utc', historyDays: 1, zone: 'Asia/Tokyo', device: 'g6-receiver', display: 'utc' });
    for (const { systemTime, displayTime } of await egvs(simulator, tokens, now - DAY, now)) expect(displayTime).toBe(systemTime);
  });

  test('reset dates what is measured days back, whole days off its display, and it is found where it is dated', async () => {
    const clockErrors = [{ from: 'now-6h', to: 'now-3h', system: '-5d' }];
    const tokens = await connected({ id: 'reset', historyDays: 2, zone: 'UTC', device: 'g6-receiver', clockErrors });
    expect(await egvs(simulator, tokens, now - 6 * HOUR, now - 3 * HOUR)).toEqual([]);
    const records = await egvs(simulator, tokens, now - 5 * DAY - 6 * HOUR, now - 5 * DAY - 3 * HOUR);
    expect(records.length).toBeGreaterThan(30);
    expect(new Set(records.map(shown))).toEqual(new Set([5 * DAY]));
    const ledger = await simulator.control.readings('reset', { from: now - 5 * DAY - 6 * HOUR, to: now - 5 * DAY - 3 * HOUR });
    expect(
      ledger.every(
        ({ servedCount, takenAt, measuredAt, visibleAt }) => servedCount === 1 && takenAt - measuredAt === 5 * DAY && visibleAt === takenAt,
      ),
    ).toBe(true);
  });

  test('25 hours ahead serves readings of the future, and dataRange ends with them', async () => {
    const clockErrors = [{ from: 'now-2h', to: 'now-1h', system: '25h', display: '25h' }];
    const tokens = await connected({ id: 'ahead', historyDays: 2, zone: 'UTC', device: 'g6-receiver', clockErrors });
    const records = await egvs(simulator, tokens, now, now + 2 * DAY);
    expect(records.length).toBeGreaterThan(10);
    const { body } = await get(simulator, tokens, 'dataRange');
    expect(body).toMatchObject({ egvs: { end: { systemTime: records[0]?.systemTime } } });
    const ids = (await simulator.control.readings('ahead')).map(({ recordId }) => recordId);
    expect(ids).toEqual(expect.arrayContaining(records.map(({ recordId }) => recordId)));
  });

  test('set at run time rules over what is measured from then on, and over nothing before', async () => {
    const tokens = await connected({ id: 'moved', historyDays: 1, zone: 'UTC', device: 'g6-receiver' });
    const before = await egvs(simulator, tokens, now - DAY, now);
    await simulator.control.changePerson('moved', { travel: [{ at: 'now', zone: 'Asia/Tokyo' }] });
    ({ now } = await simulator.control.clock({ advance: '1h' }));
    expect(await egvs(simulator, tokens, now - HOUR - DAY, now - HOUR)).toEqual(before);
    const after = await egvs(simulator, tokens, now - HOUR, now);
    expect(after.length).toBeGreaterThan(10);
    expect(new Set(after.map(shown))).toEqual(new Set([9 * HOUR]));
  });
});

test.each([
  ['travel', { travel: [{ at: 'now', zone: 'Mars/Olympus' }] }],
  [
    'travel',
    {
      travel: [
        { at: 'now', zone: 'UTC' },
        { at: 'now-1d', zone: 'Asia/Tokyo' },
      ],
    },
  ],
  ['clockErrors', { clockErrors: [{ from: 'now', to: 'now-1h', system: '1d' }] }],
  ['clockErrors', { clockErrors: [{ from: 'now-1h', to: 'now', system: 'a lot' }] }],
  ['signalLoss', { signalLoss: { every: '1h', most: '2h' } }],
] satisfies [string, Parameters<Simulator['control']['changePerson']>[1]][])(
  'a switch that cannot be is refused with its name: %s %j',
  async (name, change) => {
    await simulator.control.addPerson({ id: 'nobody', historyDays: 0 }).catch(() => undefined);
    await expect(simulator.control.changePerson('nobody', change)).rejects.toThrow(new RegExp(`422.*${name}`, 's'));
  },
);
