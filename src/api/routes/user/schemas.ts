import { z } from '@hono/zod-openapi';
import { ianaTimeZone } from '../../../users/ianaTimeZone';
import { Id, Instant } from '../../contract';
import { Provider } from '../provider/schemas';

const NUL = String.fromCharCode(0);

/** Any characters a database and a URL can carry. */
export const ClientUserId = z
  .string()
  .min(1)
  .max(255)
  .refine((id) => !id.includes(NUL), 'Value error, client_user_id must not contain NUL')
  .refine((id) => !/\p{Surrogate}/u.test(id), 'Value error, client_user_id is not well-formed Unicode')
  .openapi({
    description: 'Your id for this person; unique in your team, 1 to 255 characters. No name or address, please.',
    example: 'user-42',
  });

const TimeZone = z
  .string()
  .transform((name, { addIssue }) => {
    const zone = ianaTimeZone(name);
    if (zone !== null) return zone;
    addIssue({ code: 'custom', input: name, message: `Value error, Invalid IANA time zone: ${name}` });
    return z.NEVER;
  })
  .nullish()
  .openapi({ example: 'Europe/London' });

const [FIRST_DAY, LAST_DAY] = ['1900-01-01', '2199-12-31'];
const Day = z.iso
  .date()
  .refine((day) => day >= FIRST_DAY && day <= LAST_DAY, `Value error, not between ${FIRST_DAY} and ${LAST_DAY}`)
  .nullish()
  .openapi({ example: '2026-11-22' });
const IngestionStart = Day.openapi({ description: 'First day whose readings are taken, in `fallback_time_zone`, else UTC' });
const IngestionEnd = Day.openapi({
  description: 'Last day whose readings are taken; connections end a week after it and are shown as `paused`',
});

export const UserCreateBody = z
  .object({
    client_user_id: ClientUserId,
    fallback_time_zone: TimeZone,
    fallback_birth_date: Day,
    ingestion_start: IngestionStart,
    ingestion_end: IngestionEnd,
  })
  .openapi('UserCreateBody');

export const UserPatchBody = z.object({ ...UserCreateBody.shape, client_user_id: ClientUserId.nullish() }).openapi('UserPatchBody');

const ConnectedSource = z.object({
  provider: Provider,
  source: Provider.openapi({ deprecated: true }),
  created_on: Instant,
});

export const ClientFacingUser = z
  .object({
    user_id: Id,
    team_id: Id,
    client_user_id: z.string().openapi({ example: 'user-42' }),
    created_on: Instant,
    connected_sources: z.array(ConnectedSource),
    fallback_time_zone: z
      .object({ id: z.string().openapi({ example: 'Europe/London' }), source_slug: z.literal('manual'), updated_at: Instant })
      .nullable(),
    fallback_birth_date: z
      .object({ value: z.string().openapi({ example: '1990-05-17' }), source_slug: z.literal('manual'), updated_at: Instant })
      .nullable(),
    ingestion_start: z.string().nullable(),
    ingestion_end: z.string().nullable(),
  })
  .openapi('User');

export type ClientFacingUser = z.infer<typeof ClientFacingUser>;

export const UserConflict = z
  .object({
    detail: z.object({
      error_type: z.literal('INVALID_REQUEST'),
      error_message: z.literal('Client user id already exists.'),
      user_id: Id,
      created_on: Instant,
    }),
  })
  .openapi('UserConflict');

export const Success = z.object({ success: z.literal(true) }).openapi('Success');
