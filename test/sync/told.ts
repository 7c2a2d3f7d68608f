import { z } from 'zod';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import type { SyncDeps } from '../../src/sync/deps';
import type { SyncWorld } from './syncWorld';

const MOST = 10_000;

/** One reading as one message told it. */
export interface Told {
  readonly messageId: string;
  readonly change: 'created' | 'updated';
  readonly recordId: string;
  readonly mgPerDl: number;
}

const Sample = z.object({ record_id: z.string(), value_mg_per_dl: z.number() });
const Daily = z.object({ data: z.object({ data: z.array(Sample) }) });

/** All that the app has been told of a connection's readings, in the order of the messages. */
export async function toldReadings({ database }: Pick<SyncWorld, 'database'>, connection: ConnectionDoc): Promise<Told[]> {
  const messages = await database.db
    .collection<{ _id: string; type: string; body: string }>('messages')
    .find({ ...messagesOf(connection), type: { $regex: '^daily' } })
    .sort({ createdAt: 1 })
    .toArray();
  return messages.flatMap(({ _id: messageId, type, body }) =>
    Daily.parse(JSON.parse(body)).data.data.map(({ record_id, value_mg_per_dl }) => ({
      messageId,
      change: type.endsWith('created') ? 'created' : 'updated',
      recordId: record_id,
      mgPerDl: value_mg_per_dl,
    })),
  );
}

export const messagesOfType = ({ database }: Pick<SyncWorld, 'database'>, connection: ConnectionDoc, type: string): Promise<number> =>
  database.db.collection('messages').countDocuments({ ...messagesOf(connection), type });

/** By the index of their user: a test's hundreds of connections share the collection. */
const messagesOf = ({ _id: connectionId, teamId, userId }: ConnectionDoc) => ({ teamId, userId, connectionId });

/** What is stored, oldest first, twins aside. */
export async function storedReadings(
  { database, deps }: { readonly database: SyncWorld['database']; readonly deps: SyncDeps },
  { teamId, _id }: ConnectionDoc,
): Promise<{ recordId: string; at: number; mgPerDl: number | null }[]> {
  const ids = await database.db
    .collection<{ _id: string }>('glucose_days')
    .find({ _id: { $gte: `${_id}:`, $lt: `${_id};` } })
    .limit(MOST)
    .toArray();
  const days = await deps.glucoseDays.read(
    teamId,
    ids.map((day) => day._id),
  );
  return days.flatMap(({ readings }) => readings.map(({ recordId, at, mgPerDl }) => ({ recordId, at, mgPerDl })));
}
