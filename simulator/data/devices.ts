import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import { sensorAt } from '../people/sensor';
import { bodyOf } from '../physiology/body';
import { envelope } from './envelope';

/** GET /v3/users/self/devices: all of them, whatever is asked (dexcom-api.md §2.8, §8.16). */
export function answerDevices(c: Context<SimulatorEnv>) {
  const { world, origin, grant } = c.var;
  const { clientId } = grant;

  const { person, seed } = origin;
  const now = world.now();
  const { generation, variant, displayDevice, displayApp } = person.device;
  const device = {
    lastUploadDate: new Date(now).toISOString().slice(0, 19),
    transmitterId: sensorAt(person, bodyOf(seed, person.id).seed, now).transmitterId,
    transmitterGeneration: generation,
    ...(variant === null ? {} : { transmitterGenerationVariant: variant }),
    displayDevice,
    displayApp,
    alertSchedules: [ALWAYS],
  };
  return c.json({ ...envelope('device', { settings: world.state.settings, clientId, origin }), records: [device] });
}

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
