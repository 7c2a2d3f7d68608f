import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { deliveryId, type EndpointKey, type LatestCursor } from './deliveries';
import { insertOnce } from './insertOnce';

/** One post of one message to one endpoint, unless it was the first and taken: such a one is kept as its delivery (src/storage/deliveries.ts). */
export interface AttemptDoc {
  /** `<messageId>:<endpointId>:<at>` */
  readonly _id: string;
  readonly teamId: string;
  readonly endpointId: string;
  readonly messageId: string;
  /** When it was sent, Unix milliseconds. */
  readonly at: number;
  readonly outcome: 'accepted' | 'failed';
  /** Null if no answer came. */
  readonly status: number | null;
  /** A word or a code, never anything the other side has said. */
  readonly error: string | null;
  /** Until the answer's head. */
  readonly latencyMs: number;
  /** The beginning of a refusal's body, with everything struck out that may be a secret, a name or a value (src/webhooks/excerpt.ts). */
  readonly excerpt: string | null;
  /**
   * As it was decided then: when the message was to be tried next, or, where it waits behind its endpoint, when that was to be tried. Null where it
   * needed no further try, and where an inline post failed without asking for time: whether the endpoint's workflow sleeps is not known there.
   */
  readonly nextAttemptAt: number | null;
}

export const attemptIndexes: CollectionIndexes = {
  collection: 'attempts',
  indexes: [
    { name: 'endpoint_latest', key: { endpointId: 1, at: -1, _id: -1 } },
    { name: 'message_latest', key: { messageId: 1, at: -1, _id: -1 } },
    { name: 'endpoint_failures', key: { endpointId: 1, at: -1 }, partialFilterExpression: { outcome: 'failed' } },
    { name: 'oldest', key: { at: 1 } },
  ],
};

export type NewAttempt = Omit<AttemptDoc, '_id'>;

/** The collection `attempts`: a log, written after the fact. What it lacks after a kill nobody leans on. */
export class Attempts {
  private readonly docs: Collection<AttemptDoc>;

  constructor(db: Db) {
    this.docs = db.collection<AttemptDoc>(attemptIndexes.collection);
  }

  async insert(attempt: NewAttempt): Promise<void> {
    await insertOnce(this.docs, { _id: attemptId(attempt), ...attempt });
  }

  /** To one endpoint since `oldest`, latest first. @param messageId of one message only */
  page(
    { teamId, endpointId, messageId }: EndpointKey & { readonly messageId?: string | undefined },
    after: LatestCursor | null,
    oldest: number,
    limit: number,
  ): Promise<AttemptDoc[]> {
    const ofMessage = messageId === undefined ? {} : { messageId };
    const older = after && { $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after._id } }] };
    return this.docs
      .find({ teamId, endpointId, at: { $gte: oldest }, ...ofMessage, ...older })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .toArray();
  }

  /** When an endpoint last did not take something, as long as that is kept; Unix milliseconds. */
  async lastFailedAt({ teamId, endpointId }: EndpointKey): Promise<number | null> {
    const [last] = await this.docs
      .find({ teamId, endpointId, outcome: 'failed' }, { projection: { at: 1 } })
      .sort({ at: -1 })
      .limit(1)
      .toArray();
    return last?.at ?? null;
  }

  /** Of messages that are erased. */
  async erase(teamId: string, messageIds: readonly string[]): Promise<void> {
    await this.docs.deleteMany({ teamId, messageId: { $in: [...messageIds] } });
  }

  /** Those from before `instant`, of every team. @returns how many there were */
  async purge(instant: number): Promise<number> {
    return (await this.docs.deleteMany({ at: { $lt: instant } })).deletedCount;
  }
}

const attemptId = ({ messageId, endpointId, at }: Pick<AttemptDoc, 'messageId' | 'endpointId' | 'at'>): string =>
  `${deliveryId(messageId, endpointId)}:${at}`;
