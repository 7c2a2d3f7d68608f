import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import { oddly } from '../oddities/oddities';
import type { LooseRecord } from '../oddities/oddity';
import { DEVICES } from '../people/devices';
import type { DeviceProfile, Person } from '../people/person';
import { sensorAt } from '../people/sensor';
import { switchesAt } from '../people/switchesAt';
import { uploadBy } from '../people/upload';
import { bodyOf } from '../physiology/body';
import { envelope } from './envelope';
import { servedAsOf } from './servedAsOf';

/** GET /v3/users/self/devices: all of them, whatever is asked (dexcom-api.md §2.8, §8.16). */
export function answerDevices(c: Context<SimulatorEnv>) {
  const { world, origin, grant } = c.var;
  const { clientId } = grant;
  const { person, seed } = origin;
  const now = servedAsOf(world);
  const { uploadsEvery, twin } = switchesAt(person, now);
  const { transmitterId } = sensorAt(person, bodyOf(seed, person.id).seed, now);

  const records = [deviceRecord(person.device, transmitterId, lastUpload(person, uploadsEvery, now))];
  if (twin) records.push(deviceRecord(DEVICES[twin.device], transmitterId, lastUpload(person, twin.uploadsEvery, now)));
  return c.json({ ...envelope('device', { settings: world.state.settings, clientId, origin }), records: oddly(records, person.oddities) });
}

const lastUpload = (person: Person, every: number | null, now: number): number =>
  every === null ? now : uploadBy(person, every, now + 1).at - every;

const deviceRecord = (device: DeviceProfile, transmitterId: string, uploadedAt: number): LooseRecord => ({
  lastUploadDate: new Date(uploadedAt).toISOString().slice(0, 19),
  transmitterId,
  transmitterGeneration: device.generation,
  ...(device.variant === null ? {} : { transmitterGenerationVariant: device.variant }),
  displayDevice: device.displayDevice,
  displayApp: device.displayApp,
  alertSchedules: [ALWAYS],
});

const ALWAYS = {
  alertScheduleSettings: {
    alertScheduleName: 'Always',
    isEnabled: true,
    isDefaultSchedule: true,
    startTime: '00:00',
    endTime: '00:00',
    daysOfWeek: ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
    isActive: true,
    override: { isOverrideEnabled: false, mode: 'unknown', endTime: '' },
  },
  alertSettings: [
    { alertName: 'high', value: 250, unit: 'mg/dL', snooze: 120, enabled: true, soundTheme: 'modern', soundOutputMode: 'sound' },
    { alertName: 'low', value: 70, unit: 'mg/dL', snooze: 30, enabled: true, soundTheme: 'modern', soundOutputMode: 'sound' },
    { alertName: 'urgentLow', value: 55, unit: 'mg/dL', snooze: 30, enabled: true, soundTheme: 'modern', soundOutputMode: 'sound' },
  ],
};
