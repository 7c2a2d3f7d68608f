import type { z } from '@hono/zod-openapi';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import { instant, instantOrNull } from '../../instant';
import { failureWords } from './failureWords';
import { lastAttempt } from './lastAttempt';
import type { RecordStatistics } from './schemas';

/**
 * How far events have been read, and how the last look went: the same for all four timeseries made of them, which come in one answer.
 * @param nextPollAt of readings; null: none is to come
 */
export function recordStatisticsOf({ records }: ConnectionDoc, nextPollAt: number | null): z.infer<typeof RecordStatistics> {
  const error = records?.error ?? null;
  const read = records && records.coveredUntil > records.floor ? records : null;
  return {
    last_attempt: lastAttempt(error?.at ?? null, records?.readAt ?? null),
    read_from: read && instant(read.floor),
    read_until: read && instant(read.coveredUntil),
    next_poll: instantOrNull(nextPollAt && Math.max(nextPollAt, records?.nextAt ?? 0)),
    last_error: error && { type: error.type, message: failureWords(error.type).message, at: instant(error.at) },
  };
}
