import { type Simulator, startSimulator } from '../simulator';
import { connect, get } from './app';

interface DeviceRecord {
  readonly lastUploadDate?: string;
}

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ people: 0 });
});
afterAll(() => simulator.stop());

async function devicesOf(person: Parameters<Simulator['control']['addPerson']>[0]): Promise<{ text: string; records: DeviceRecord[] }> {
  await simulator.control.addPerson({ historyDays: 1, ...person });
  const { text } = await get(simulator, await connect(simulator, person.id), 'devices');
  const { records }: { records: DeviceRecord[] } = JSON.parse(text);
  return { text, records };
}

describe('§8.31 devices', () => {
  test('come with settings as they were seen in production', async () => {
    const { text, records } = await devicesOf({ id: 'dirty', oddities: ['dirtySettings'] });
    expect(records).toMatchObject([
      {
        alertSchedules: [
          {
            alertScheduleSettings: { isDefaultSchedule: true, startTime: '9:00 Pm', daysOfWeek: ['monday', '', 'sunday'] },
            alertSettings: [{ alertName: 'fall', value: -3, snooze: 28 }, { alertName: 'high' }, { alertName: 'high' }],
          },
        ],
      },
      { alertSchedules: [expect.anything()] },
      { transmitterId: '', alertSchedules: [] },
    ]);
    expect(text).toContain('2021-04-05T10:52:48-06:59:59');
    expect(records.map(({ lastUploadDate }) => lastUploadDate === undefined)).toEqual([false, true, false]);
  });

  test('are clean by default, and change by the switch at run time', async () => {
    expect((await devicesOf({ id: 'clean' })).records).toHaveLength(1);
    await simulator.control.changePerson('clean', { oddities: ['dirtySettings'] });
    expect((await get(simulator, await connect(simulator, 'clean'), 'devices')).body.records).toHaveLength(3);
  });

  test('uploaded by hand tell when that was last', async () => {
    const { now } = await simulator.control.clock();
    const { records } = await devicesOf({ id: 'by-hand', device: 'g6-receiver', uploadsEvery: '7d' });
    expect(now - Date.parse(`${records[0]?.lastUploadDate}Z`)).toBeLessThan(3_600_000 + 5_000);
  });
});
