import { z } from '@hono/zod-openapi';
import { Id, Instant } from '../../contract';
import { Provider } from '../provider/schemas';

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // A RangeError is how Intl says no.
    return false;
  }
};

const Day = z.iso.date().nullish().openapi({ example: '2026-11-22' });

export const UserCreateBody = z
  .object({
    client_user_id: z
      .string()
      .min(1)
      .max(255)
      .openapi({ description: 'Your id for this person; unique in your team. No name or address, please.', example: 'user-42' }),
    fallback_time_zone: z
      .string()
      .refine(isTimeZone, { error: ({ input }) => `Value error, Invalid IANA time zone: ${String(input)}` })
      .nullish()
      .openapi({ example: 'Europe/London' }),
    fallback_birth_date: Day,
    ingestion_start: Day,
    ingestion_end: Day,
  })
  .openapi('UserCreateBody');

const ConnectedSource = z.object({
  provider: Provider,
  source: Provider.openapi({ deprecated: true }),
  created_on: Instant,
});

export const ClientFacingUser = z
  .object({
    user_id: Id,
    team_id: Id,
    client_user_id: z.string(),
    created_on: Instant,
    connected_sources: z.array(ConnectedSource),
    fallback_time_zone: z.object({ id: z.string(), source_slug: z.literal('manual'), updated_at: Instant }).nullable(),
    fallback_birth_date: z.object({ value: z.string(), source_slug: z.literal('manual'), updated_at: Instant }).nullable(),
    ingestion_start: z.string().nullable(),
    ingestion_end: z.string().nullable(),
  })
  .openapi('User');

export type ClientFacingUser = z.infer<typeof ClientFacingUser>;

export const UserConflict = z
  .object({
    detail: z.object({
      error_type: z.literal('INVALID_REQUEST'),
      error_message: z.string(),
      user_id: Id,
      created_on: Instant,
    }),
  })
  .openapi('UserConflict');

export const Success = z.object({ success: z.literal(true) }).openapi('Success');
