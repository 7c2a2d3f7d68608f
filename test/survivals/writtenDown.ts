import { type Db, MongoClient } from 'mongodb';
import type { RecordsProgress } from '../../src/freshness/recordsDue';
import type { ConnectedPerson } from '../crash/verdict';
import type { Engine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { providerOf } from '../engine/provider';
import { mongodbUri } from '../servers';

/** An event as both sides have it: its id, its second, what was written. */
export type Written = readonly [recordId: string, at: number, value: string];

const SIBLINGS = ['insulin_injection', 'carbohydrates', 'note', 'workout_duration'];
const TYPES: readonly unknown[] = ['insulin', 'carbs', 'notes', 'health', 'exercise'];

interface Page {
  readonly groups: Readonly<Record<string, readonly { readonly data: readonly { record_id: string; start: string; value: unknown }[] }[]>>;
  readonly next_cursor: string | null;
}

/** All that the API shows of what somebody has written down. */
export async function shownEvents(engine: Engine, { userId }: ConnectedPerson): Promise<Written[]> {
  const pages = await Promise.all(
    SIBLINGS.map((resource) => engine.call<Page>('GET', `/v2/timeseries/${userId}/${resource}/grouped?start_date=2000-01-01`)),
  );
  return sorted(
    pages.flatMap(({ groups }) =>
      Object.values(groups).flatMap((all) =>
        all.flatMap(({ data }) => data.map(({ record_id, start, value }) => [record_id, Date.parse(start), String(value)] as const)),
      ),
    ),
  );
}

/** What stands by the ledger: without what was deleted, and with what was changed under a new id in the place of what it was. */
export async function standingEvents(engine: Engine, { person }: ConnectedPerson): Promise<Written[]> {
  const now = Date.now();
  const all = await engine.simulator.control.records(person, { type: 'event', clientId: engine.simulator.clientId });
  const visible = all.filter(({ visibleAt, fields }) => visibleAt !== null && visibleAt <= now && TYPES.includes(fields.eventType));
  const changed = new Set(
    visible.map(({ key }) => key.replace(/:edit$/, '')).filter((key) => visible.some((other) => other.key === `${key}:edit`)),
  );
  return sorted(
    visible
      .filter(({ key, fields }) => fields.eventStatus !== 'deleted' && !changed.has(key))
      .map(({ recordId, measuredAt, fields }) => [
        recordId,
        Math.floor(measuredAt / 1_000) * 1_000,
        String(fields.value === null ? fields.eventSubType : Number.isNaN(Number(fields.value)) ? fields.value : Number(fields.value)),
      ]),
  );
}

const sorted = (all: readonly Written[]): Written[] => all.toSorted(([a], [b]) => (a < b ? -1 : 1));

/** From the database itself: how often each record was written, and which are tombstones. */
export const keptRecords = (engine: Engine, somebody: ConnectedPerson) =>
  ofConnection(engine, somebody, (db, connectionId) =>
    db.collection<{ _id: string; version: number; deleted: boolean }>('records').find({ connectionId }).toArray(),
  );

/** Has events read as if they never had been, until that has come to what is expected. */
export const readAgain = (engine: Engine, somebody: ConnectedPerson, error: RecordsProgress['error'] = null): Promise<void> =>
  ofConnection(engine, somebody, async (db, connectionId) => {
    const connections = db.collection<{ _id: string; records?: RecordsProgress }>('connections');
    await connections.updateOne({ _id: connectionId }, { $unset: { records: '' } });
    await engine.call('POST', `/v2/user/refresh/${somebody.userId}?timeout=60`);
    await eventually(async () => expect((await connections.findOne({ _id: connectionId }))?.records).toMatchObject({ error }));
  });

async function ofConnection<T>(engine: Engine, { userId }: ConnectedPerson, ask: (db: Db, connectionId: string) => Promise<T>): Promise<T> {
  const { connection_id } = await providerOf(engine, userId);
  const client = new MongoClient(mongodbUri());
  try {
    return await ask(client.db(engine.database), connection_id);
  } finally {
    await client.close();
  }
}
