import type { z } from '@hono/zod-openapi';
import type { StoredReading } from '../../../glucose/reading';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import { dayId, type GlucoseDay } from '../../../storage/glucoseDays';
import { glucoseNews } from '../../../webhooks/glucoseNews';
import { instant, instantOrNull } from '../../instant';
import type { Services } from '../../services';
import type { Freshness } from './schemas';

type Parts = Pick<Services, 'glucoseDays' | 'outbox' | 'webhooks'>;

/**
 * How old the newest reading was when it became visible at Dexcom, which is theirs, and how long it took from there to the app, which is ours.
 * When it became visible is known only as an interval: after the last look that did not show it, before the first that did.
 * @returns null before a live poll has brought one
 */
export async function agesOf(parts: Parts, connection: ConnectionDoc): Promise<z.infer<typeof Freshness> | null> {
  const { newestAt, seenAt, unseenAt } = connection.freshness;
  if (newestAt === null || seenAt === undefined) return null;

  const visibleFrom = Math.max(newestAt, unseenAt ?? newestAt);
  const deliveredAt = await deliveryOf(parts, connection, newestAt);
  const between = (least: number, most: number) => ({ at_least: seconds(least), at_most: seconds(most) });
  return {
    newest_reading: instant(newestAt),
    first_seen: instant(seenAt),
    delivered: instantOrNull(deliveredAt),
    recorded_to_visible_seconds: between(visibleFrom - newestAt, seenAt - newestAt),
    visible_to_delivered_seconds: deliveredAt === null ? null : between(deliveredAt - seenAt, deliveredAt - visibleFrom),
  };
}

/** When the last endpoint took the message that told a reading; null if one has not, if none was there, or if it has changed since. */
async function deliveryOf({ glucoseDays, outbox, webhooks }: Parts, connection: ConnectionDoc, at: number): Promise<number | null> {
  const { teamId } = connection;
  const [day] = await glucoseDays.read(teamId, [dayId(connection._id, at)]);
  const reading = day?.readings.findLast((candidate) => candidate.at === at);
  const id = day && reading && tellingOf(connection, day, reading);
  const [message] = id ? await outbox.messages.read(teamId, [id]) : [];
  if (!message || message.targets.length === 0) return null;

  const accepted = await webhooks.deliveries.acceptances(teamId, message._id, message.targets);
  return accepted.length === message.targets.length ? Math.max(...accepted) : null;
}

/** A message's id follows from what it tells. */
function tellingOf(connection: ConnectionDoc, day: GlucoseDay, { mark, recordId }: StoredReading): string | null {
  if (mark !== day.version) return null;
  const named = `"record_id":${JSON.stringify(recordId)}`;
  return glucoseNews(connection, day).find(({ body }) => body.includes(named))?.id ?? null;
}

const seconds = (ms: number): number => Math.round(Math.max(0, ms) / 100) / 10;
