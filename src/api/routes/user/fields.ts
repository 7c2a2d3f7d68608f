import type { z } from '@hono/zod-openapi';
import type { UserDoc, UserFields } from '../../../storage/users';
import { invalid } from '../../errors';
import type { UserCreateBody } from './schemas';

/** A user of whom only the id is known. */
export const nothingGiven = {
  fallbackTimeZone: null,
  fallbackTimeZoneUpdatedAt: null,
  fallbackBirthDate: null,
  fallbackBirthDateUpdatedAt: null,
  ingestionStart: null,
  ingestionEnd: null,
} as const satisfies Partial<UserDoc>;

/** What a body says of a user: a key that is missing says nothing, null takes away. */
export function givenFields(body: Partial<z.infer<typeof UserCreateBody>>, now: number): Partial<UserFields> {
  const { client_user_id, fallback_time_zone, fallback_birth_date, ingestion_start, ingestion_end } = body;
  return {
    ...(client_user_id !== undefined && { clientUserId: client_user_id }),
    ...(fallback_time_zone !== undefined && { fallbackTimeZone: fallback_time_zone, fallbackTimeZoneUpdatedAt: now }),
    ...(fallback_birth_date !== undefined && { fallbackBirthDate: fallback_birth_date, fallbackBirthDateUpdatedAt: now }),
    ...(ingestion_start !== undefined && { ingestionStart: ingestion_start }),
    ...(ingestion_end !== undefined && { ingestionEnd: ingestion_end }),
  };
}

/** @throws ApiError 422 if nothing would ever be taken */
export function refuseEmptyIngestion({ ingestionStart, ingestionEnd }: Pick<UserDoc, 'ingestionStart' | 'ingestionEnd'>): void {
  if (ingestionStart === null || ingestionEnd === null || ingestionStart <= ingestionEnd) return;
  throw invalid({
    type: 'value_error',
    loc: ['body', 'ingestion_end'],
    msg: 'Value error, ingestion_end is before ingestion_start',
    input: ingestionEnd,
  });
}
