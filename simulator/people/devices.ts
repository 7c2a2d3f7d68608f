import { z } from 'zod';
import type { DeviceProfile } from './person';

/** Ready-made devices by name; words as in dexcom-api.md §2.4. */
export const DEVICES = {
  'g7-ios': { generation: 'g7', variant: 'g7', displayDevice: 'iOS', displayApp: 'G7', fractions: false },
  'g7-android': { generation: 'g7', variant: 'g7', displayDevice: 'android', displayApp: 'G7Android', fractions: true },
  'g715-ios': { generation: 'g7', variant: 'g715day', displayDevice: 'iOS', displayApp: 'G7', fractions: false },
  'g6-ios': { generation: 'g6', variant: 'g6', displayDevice: 'iOS', displayApp: 'G6', fractions: false },
  // A ONE is a G6 and a ONE+ a G7 in all but name (dexcom-api.md §2.4, displayApp and variant).
  'one-ios': { generation: 'g6', variant: 'g6', displayDevice: 'iOS', displayApp: 'DexcomOne', fractions: false },
  'one-plus-ios': { generation: 'g7', variant: 'd1+', displayDevice: 'iOS', displayApp: 'D1G7', fractions: false },
  'g7-receiver': { generation: 'g7', variant: 'g7', displayDevice: 'receiver', displayApp: null, fractions: false },
  'g6-receiver': { generation: 'g6', variant: null, displayDevice: 'receiver', displayApp: null, fractions: false },
} as const satisfies Record<DeviceName, DeviceProfile>;

export const DeviceName = z.enum(['g7-ios', 'g7-android', 'g715-ios', 'g6-ios', 'one-ios', 'one-plus-ios', 'g7-receiver', 'g6-receiver']);
export type DeviceName = z.infer<typeof DeviceName>;
