import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GlucoseDay } from '../storage/glucoseDays';
import { glucoseNews } from '../webhooks/glucoseNews';
import { recordMessages } from '../webhooks/recordMessage';
import type { SyncDeps } from './deps';

type Publisher = Pick<SyncDeps, 'glucoseDays' | 'messages' | 'endpoints'>;

/**
 * Records the messages of one day's latest version, then says so. Whoever does it a second time, or late, inserts the same ids and clears
 * nothing: the update names the version.
 */
export async function publishDay(deps: Publisher, connection: ConnectionDoc, day: GlucoseDay): Promise<void> {
  await recordMessages(deps, day.teamId, glucoseNews(connection, day));
  await deps.glucoseDays.markPublished(day);
}

/** Publishes what pulls that died have left, oldest day first. Any number of processes may do it at once. @returns how many days */
export async function publishUnpublished(deps: Publisher, connection: ConnectionDoc): Promise<number> {
  const days = await deps.glucoseDays.unpublishedOf(connection);
  for (const day of days) await publishDay(deps, connection, day);
  return days.length;
}
