import type { Collection, Db } from 'mongodb';
import type { AppAlarms as Alarms, AppUse } from '../dexcom/watchedApps';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** Dexcom answers `invalid_client` to an app of ours. Not a team's: the operator is to hear of it. Instants are Unix milliseconds. */
export interface AppAlarmDoc extends AppUse {
  /** `<region>:<use>:<clientId>` */
  readonly _id: string;
  readonly since: number;
  readonly lastAt: number;
}

export const appAlarmIndexes: CollectionIndexes = { collection: 'app_alarms', indexes: [{ name: 'last', key: { lastAt: 1 } }] };

/** Whoever was rejected tries again within an hour: an app that nobody was rejected by for so long is not in use any more. */
const FORGOTTEN_MS = 3 * 3_600_000;

/** The collection `app_alarms`: a document for each app and use that is rejected. */
export class AppAlarms implements Alarms {
  private readonly docs: Collection<AppAlarmDoc>;

  constructor(db: Db) {
    this.docs = db.collection<AppAlarmDoc>(appAlarmIndexes.collection);
  }

  async raise({ region, clientId, use }: AppUse, now: number): Promise<boolean> {
    const _id = idOf({ region, clientId, use });
    if (await insertOnce(this.docs, { _id, region, clientId, use, since: now, lastAt: now })) return true;
    const forgotten = { _id, lastAt: { $lt: now - FORGOTTEN_MS } };
    const { matchedCount } = await this.docs.updateOne(forgotten, { $set: { since: now, lastAt: now } });
    if (matchedCount === 1) return true;
    await this.docs.updateOne({ _id }, { $max: { lastAt: now } });
    return false;
  }

  async clear(app: AppUse): Promise<boolean> {
    const { deletedCount } = await this.docs.deleteOne({ _id: idOf(app) });
    return deletedCount === 1;
  }

  /** Those that are raised, by name. */
  async standing(now: number): Promise<readonly AppAlarmDoc[]> {
    const docs = await this.docs.find({ lastAt: { $gte: now - FORGOTTEN_MS } }).toArray();
    return docs.toSorted((one, other) => (one._id < other._id ? -1 : 1));
  }
}

const idOf = ({ region, use, clientId }: AppUse): string => `${region}:${use}:${clientId}`;
