import { z } from '@hono/zod-openapi';
import type { DeviceDoc } from '../../../storage/devices';
import { Id, Instant } from '../../contract';
import { instant } from '../../instant';

export const Device = z
  .object({
    id: Id,
    user_id: Id,
    provider: z.literal('dexcom_v3'),
    source_type: z.literal('automatic'),
    app_id: z.null(),
    device_manufacturer: z.literal('Dexcom'),
    device_model: z.string().nullable().openapi({ example: 'G7' }),
    device_version: z.string().nullable().openapi({ description: 'Dexcom’s variant of the model' }),
    device_id: z.string().openapi({
      description: 'Dexcom’s hash of the transmitter: another one with each sensor (G7) or transmitter (G6)',
      example: '3ab5f0c9…',
    }),
    connection_id: Id,
    first_seen: Instant.openapi({ description: 'When a reading of it first came; readings of its past may have come with it' }),
  })
  .openapi('Device');

/** vital-api.md §2.2; what is ours stands last. */
export const clientFacingDevice = (device: DeviceDoc): z.infer<typeof Device> => ({
  id: device._id,
  user_id: device.userId,
  provider: device.provider,
  source_type: 'automatic',
  app_id: null,
  device_manufacturer: 'Dexcom',
  device_model: modelOf(device),
  device_version: device.variant,
  device_id: device.transmitterId,
  connection_id: device.connectionId,
  first_seen: instant(device.firstSeenAt),
});

/** As they are sold; a word not known yet passes through. */
const MODELS: Readonly<Record<string, string | null>> = {
  unknown: null,
  g4: 'G4',
  g5: 'G5',
  g6: 'G6',
  'g6+': 'G6+',
  'g6 pro': 'G6 Pro',
  g6Pro: 'G6 Pro',
  dexcomPro: 'G6 Pro',
  g7: 'G7',
  g715day: 'G7 15 Day',
};

function modelOf({ generation }: DeviceDoc): string | null {
  const model = generation === null ? null : MODELS[generation];
  return model === undefined ? generation : model;
}
