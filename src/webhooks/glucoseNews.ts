import type { Reading } from '../glucose/reading';
import { isMeasured, type MeasuredReading } from '../glucose/sample';
import type { GlucoseDay } from '../storage/glucoseDays';
import { glucoseMessageId } from './messageId';
import { dailyGlucose, type EventSubject } from './payloads';
import type { NewMessage } from './recordMessage';

/**
 * Readings in one message. Never change it lightly: ids are hashes of what one message holds, so news published half before and half after
 * would be told twice. Below 20 kB, unless texts of Dexcom's are longer than they are.
 */
export const READINGS_PER_MESSAGE = 32;

/**
 * The messages that tell what `day.version` did to the day: `created` before `updated`, oldest readings first. Repeatable: same day, same
 * messages. A reading without a value is not told, for Vital's parsers insist on one.
 */
export function glucoseNews(connection: EventSubject, day: GlucoseDay): readonly NewMessage[] {
  return (['created', 'updated'] as const).flatMap((change) =>
    chunks(newsOf(day, change)).map((readings) => ({
      id: glucoseMessageId({ day: day._id, version: day.version, change, readings }),
      teamId: connection.teamId,
      userId: connection.userId,
      connectionId: connection._id,
      ...dailyGlucose(change, connection, readings),
    })),
  );
}

function newsOf({ version, readings }: GlucoseDay, change: 'created' | 'updated'): readonly MeasuredReading[] {
  const news: readonly Reading[] = readings.filter((reading) => reading.mark === version && reading.change === change);
  return news.filter(isMeasured);
}

const chunks = <Item>(readings: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(readings.length / READINGS_PER_MESSAGE) }, (_, n) =>
    readings.slice(n * READINGS_PER_MESSAGE, (n + 1) * READINGS_PER_MESSAGE),
  );
