import { z } from '@hono/zod-openapi';
import type { LoggedEvent } from '../../../records/loggedEvent';
import { Instant } from '../../contract';
import { instant } from '../../instant';

const MINUTE_MS = 60_000;
/** An instant is written with four digits of a year. */
const LAST_INSTANT_MS = Date.parse('9999-12-31T23:59:59Z');

/** What every sample has; the last four are what Vital leaves out. */
const anySample = {
  id: z.null(),
  timezone_offset: z.int().nullable().openapi({ description: 'Seconds east of UTC', example: -18_000 }),
  timestamp: Instant.openapi({ deprecated: true }),
  start: Instant,
  end: Instant,
  record_id: z.string().openapi({ example: '763923b7-5424-451e-b37d-fd8ff635b308' }),
  event_type: z.string().openapi({ description: 'Dexcom’s word', example: 'insulin' }),
  event_sub_type: z.string().nullable().openapi({ description: 'Dexcom’s word' }),
  event_status: z.string().nullable().openapi({ description: '`updated` once its person has changed it', example: 'created' }),
};

const InsulinInjection = z
  .object({
    ...anySample,
    type: z.enum(['rapid_acting', 'long_acting', 'unknown']),
    unit: z.literal('unit'),
    value: z.number().openapi({ example: 4.5 }),
    delivery_mode: z.null(),
    delivery_form: z.null(),
    bolus_purpose: z.null(),
  })
  .openapi('InsulinInjectionSample');

const Carbohydrates = z
  .object({ ...anySample, type: z.null(), unit: z.literal('g'), value: z.number().openapi({ example: 45 }) })
  .openapi('CarbohydratesSample');

const Note = z
  .object({
    ...anySample,
    type: z.null(),
    unit: z.literal('text'),
    value: z.string().openapi({ description: 'Of a health event its sub-type', example: 'Changed the sensor' }),
    tags: z.array(z.literal('unspecified')),
  })
  .openapi('NoteSample');

const WorkoutDuration = z
  .object({
    ...anySample,
    type: z.null(),
    unit: z.literal('min'),
    value: z.number().openapi({ example: 45 }),
    intensity: z.enum(['low', 'medium', 'high']).nullable(),
  })
  .openapi('WorkoutDurationSample');

/** What a Dexcom account may hold besides glucose (vital-api.md §5.3), and which of Dexcom's events it is (dexcom-api.md §2.5). */
export const SIBLINGS = {
  insulin_injection: { types: ['insulin'], schema: InsulinInjection },
  carbohydrates: { types: ['carbs'], schema: Carbohydrates },
  note: { types: ['notes', 'note', 'health'], schema: Note },
  workout_duration: { types: ['exercise'], schema: WorkoutDuration },
} as const;

export type SiblingName = keyof typeof SIBLINGS;
export type SiblingSample = z.infer<(typeof SIBLINGS)[SiblingName]['schema']>;

/** @returns null for an event without what a sample must have: it is kept, but cannot be said in Vital's shape */
export function siblingSample(event: LoggedEvent): SiblingSample | null {
  const { type, subType, value } = event;
  if (type === 'notes' || type === 'note' || type === 'health') {
    const words = value ?? subType ?? (type === 'health' ? type : null);
    return words === null
      ? null
      : { ...common(event), type: null, unit: 'text', value: type === 'health' ? (subType ?? words) : words, tags: ['unspecified'] };
  }
  const amount = amountOf(value);
  if (amount === null) return null;
  if (type === 'exercise' && event.at + amount * MINUTE_MS > LAST_INSTANT_MS) return null;
  if (type === 'carbs') return { ...common(event), type: null, unit: 'g', value: amount };
  if (type === 'exercise')
    return { ...common(event, amount * MINUTE_MS), type: null, unit: 'min', value: amount, intensity: INTENSITIES.get(subType) ?? null };
  const insulin = { delivery_mode: null, delivery_form: null, bolus_purpose: null };
  return { ...common(event), type: INSULINS.get(subType) ?? 'unknown', unit: 'unit', value: amount, ...insulin };
}

const INSULINS: ReadonlyMap<string | null, 'rapid_acting' | 'long_acting'> = new Map([
  ['fastActing', 'rapid_acting'],
  ['longActing', 'long_acting'],
]);

const INTENSITIES: ReadonlyMap<string | null, 'low' | 'medium' | 'high'> = new Map([
  ['light', 'low'],
  ['medium', 'medium'],
  ['heavy', 'high'],
]);

/** Null where there is none: left out, or −1 (dexcom-api.md F12). */
function amountOf(value: string | null): number | null {
  const amount = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return amount >= 0 && Number.isFinite(amount) ? amount : null;
}

const common = ({ at, utcOffsetSeconds, recordId, type, subType, status }: LoggedEvent, lastsMs = 0) => ({
  id: null,
  timezone_offset: utcOffsetSeconds,
  timestamp: instant(at),
  start: instant(at),
  end: instant(at + lastsMs),
  record_id: recordId,
  event_type: type,
  event_sub_type: subType,
  event_status: status,
});
