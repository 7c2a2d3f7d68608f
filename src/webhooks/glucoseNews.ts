import type { GlucoseDay, StoredReading } from '../storage/glucoseDays';
import { glucoseMessageId } from './messageId';
import { dailyGlucose, type EventSubject } from './payloads';
import type { NewMessage } from './recordMessage';

/**
 * Readings in one message. Never change it lightly: ids are hashes of what one message holds, so news published half before and half after
 * would be told twice. About 20 kB.
 */
export const READINGS_PER_MESSAGE = 40;

/** The messages that tell what `day.version` did to the day, oldest readings first: `created` before `updated`. Repeatable: same day, same messages. */
export function glucoseNews(connection: EventSubject, day: GlucoseDay): readonly NewMessage[] {
  const news = day.readings.filter(({ mark }) => mark === day.version);
  return (['created', 'updated'] as const).flatMap((change) =>
    chunks(news.filter((reading) => reading.change === change)).map((readings) => ({
      id: glucoseMessageId({ day: day._id, version: day.version, change, readings }),
      teamId: connection.teamId,
      userId: connection.userId,
      connectionId: connection._id,
      ...dailyGlucose(change, connection, readings),
    })),
  );
}

const chunks = (readings: readonly StoredReading[]): readonly (readonly StoredReading[])[] =>
  Array.from({ length: Math.ceil(readings.length / READINGS_PER_MESSAGE) }, (_, n) =>
    readings.slice(n * READINGS_PER_MESSAGE, (n + 1) * READINGS_PER_MESSAGE),
  );
