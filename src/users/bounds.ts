import type { IngestionBounds } from '../storage/connectionDoc';
import type { UserDoc } from '../storage/users';
import { nextDay, startOfDay } from './zonedDay';

/** Whole days of the user's own zone, UTC if they gave none; both days of the bounds are taken (docs/api-decisions.md). */
export function boundsOf({
  ingestionStart,
  ingestionEnd,
  fallbackTimeZone,
}: Pick<UserDoc, 'ingestionStart' | 'ingestionEnd' | 'fallbackTimeZone'>): IngestionBounds {
  const zone = fallbackTimeZone ?? 'UTC';
  return {
    from: ingestionStart === null ? null : startOfDay(ingestionStart, zone),
    to: ingestionEnd === null ? null : startOfDay(nextDay(ingestionEnd), zone),
  };
}
