import type { Collection, Db } from 'mongodb';
import type { ReadingDevice } from '../glucose/reading';
import { nameUuid } from '../security/nameUuid';
import type { CollectionIndexes } from './collectionIndexes';
import type { ConnectionDoc } from './connectionDoc';
import { insertEach } from './insertEach';

/** A sensor or transmitter that has measured somebody's readings; written when it is first seen, never changed. */
export interface DeviceDoc {
  /** UUID derived from connection and transmitter: readings name it without asking. */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly provider: ConnectionDoc['provider'];
  /** Dexcom's hash; changes with each sensor (G7) or transmitter (G6). */
  readonly transmitterId: string;
  /** Dexcom's words: `g6`, `g7` … */
  readonly generation: string | null;
  readonly variant: string | null;
  /** When this engine saw it, Unix milliseconds. */
  readonly firstSeenAt: number;
}

export const deviceIndexes: CollectionIndexes = {
  collection: 'devices',
  indexes: [{ name: 'user', key: { teamId: 1, userId: 1, firstSeenAt: 1, _id: 1 } }],
};

const DEVICES = 'c0a4f2de53b84f0e8e1bb70f9d6a2c41';
/** Ids this process knows to be stored: every poll brings the same one again. */
const MOST_REMEMBERED = 50_000;

/** @returns null for readings that do not say which transmitter measured them */
export const deviceIdOf = (connectionId: string, { transmitterId, generation }: ReadingDevice): string | null =>
  transmitterId === null ? null : nameUuid(DEVICES, [connectionId, generation, transmitterId]);

/** The collection `devices`. */
export class Devices {
  private readonly docs: Collection<DeviceDoc>;
  private readonly remembered = new Set<string>();

  constructor(db: Db) {
    this.docs = db.collection<DeviceDoc>(deviceIndexes.collection);
  }

  /** Keeps those of `seen` that are not kept yet; asks the database about each but once. */
  async note({ _id: connectionId, teamId, userId, provider }: ConnectionDoc, seen: Iterable<ReadingDevice>, now: number): Promise<void> {
    const unknown = new Map<string, DeviceDoc>();
    for (const device of seen) {
      const { transmitterId, generation, variant } = device;
      const _id = deviceIdOf(connectionId, device);
      if (_id === null || transmitterId === null || this.remembered.has(_id)) continue;
      unknown.set(_id, { _id, teamId, userId, connectionId, provider, transmitterId, generation, variant, firstSeenAt: now });
    }
    await insertEach(this.docs, [...unknown.values()]);
    if (this.remembered.size + unknown.size > MOST_REMEMBERED) this.remembered.clear();
    for (const _id of unknown.keys()) this.remembered.add(_id);
  }

  /** In the order they were first seen. */
  ofUser(teamId: string, userId: string): Promise<DeviceDoc[]> {
    return this.docs.find({ teamId, userId }).sort({ firstSeenAt: 1, _id: 1 }).toArray();
  }

  byId(teamId: string, userId: string, deviceId: string): Promise<DeviceDoc | null> {
    return this.docs.findOne({ _id: deviceId, teamId, userId });
  }

  /** All of a user's, for good. */
  async erase(teamId: string, userId: string): Promise<void> {
    await this.docs.deleteMany({ teamId, userId });
  }
}
