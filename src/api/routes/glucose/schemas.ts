import { z } from '@hono/zod-openapi';
import { Instant } from '../../contract';
import { Provider } from '../provider/schemas';

const RecordId = z.string().openapi({ example: 'b7a2e6d0-4c8b-5a17-9f31-0d5a3c1e8f42' });
const SystemTime = z
  .string()
  .openapi({ description: 'When it was measured, to the millisecond, UTC', example: '2026-11-22T08:05:12.000Z' });

const Device = z.object({
  transmitter_id: z.string().nullable(),
  transmitter_generation: z.string().nullable(),
  transmitter_generation_variant: z.string().nullable(),
  display_device: z.string().nullable(),
  display_app: z.string().nullable(),
});

const AlsoReported = z.object({
  record_id: RecordId,
  system_time: SystemTime,
  value_mg_per_dl: z.int().nullable(),
  display_device: z.string().nullable(),
});

/** `src/glucose/sample.ts` makes it: a sample in Vital's shape, then what Vital leaves out. */
export const GlucoseSample = z
  .object({
    id: z.null(),
    timestamp: Instant,
    timezone_offset: z.int().nullable().openapi({ description: 'Seconds east of UTC', example: -18_000 }),
    type: z.null(),
    unit: z.literal('mmol/L'),
    value: z.number().openapi({ example: 5.77278 }),
    value_mg_per_dl: z.int().openapi({ description: 'As measured; 39 and 401 mean below and above the sensor’s range', example: 104 }),
    out_of_range: z.enum(['low', 'high']).nullable().openapi({ example: null }),
    trend: z.string().nullable().openapi({ description: 'Dexcom’s word', example: 'flat' }),
    trend_rate_mg_per_dl_per_min: z.number().nullable().openapi({ example: 0.4 }),
    status: z.string().nullable(),
    record_id: RecordId,
    system_time: SystemTime,
    display_time: z.string().nullable().openapi({ description: 'The clock the person saw' }),
    transmitter_ticks: z.int().nullable().openapi({ description: 'Seconds since the transmitter started' }),
    device: Device,
    also_reported: z.array(AlsoReported).openapi({ description: 'The same measurement as another device reported it', example: [] }),
  })
  .openapi('GlucoseSample');

/** Where samples of any timeseries come from (vital-api.md §5.1). */
export const GlucoseSource = z
  .object({
    provider: z.literal('dexcom_v3'),
    type: z.literal('unknown'),
    app_id: z.null(),
    device_id: z
      .string()
      .nullable()
      .openapi({ format: 'uuid', description: 'The device that measured them (`listUserDevices`), where a reading says so' }),
    sport: z.null(),
    workout_id: z.null(),
    name: Provider.shape.name,
    slug: z.literal('dexcom_v3'),
    logo: Provider.shape.logo,
  })
  .openapi('GlucoseSource');

export const GroupedGlucose = z
  .object({
    groups: z.object({
      dexcom_v3: z.array(z.object({ source: GlucoseSource, data: z.array(GlucoseSample) })).optional(),
    }),
    next: z.string().nullable().openapi({ deprecated: true }),
    next_cursor: z.string().nullable(),
  })
  .openapi('GroupedGlucose');
