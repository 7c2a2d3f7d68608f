import type { Collection, Db, Filter } from 'mongodb';
import type { ConnectionDoc, Consented, Silence } from './connectionDoc';
import { connectionIndexes } from './connections';

/** Each has an index of its own, behind `desired`. */
type Instant = 'nextPollAt' | 'staleAt' | 'tellExpiryAt' | 'bounds.to';

const RUNNING: Filter<ConnectionDoc> = { desired: 'running' };
const NOT_ENDED: Filter<ConnectionDoc> = { desired: { $in: ['running', 'paused'] } };

/** What `reconcile` looks for in the collection `connections`, of every team, and writes when it has dealt with it. */
export class DueConnections {
  private readonly docs: Collection<ConnectionDoc>;

  constructor(db: Db) {
    this.docs = db.collection<ConnectionDoc>(connectionIndexes.collection);
  }

  /** Should be polling and have not been since `before`, longest overdue first. @param since of the last one seen, for the next page */
  async overdue(before: number, limit: number, since = 0): Promise<ConnectionDoc[]> {
    return this.dueBy('nextPollAt', { $gte: since, $lt: before }, limit, RUNNING);
  }

  /** Nothing has come for longer than the person's habit, longest first. @param since as of `overdue` */
  async silent(before: number, limit: number, since = 0): Promise<ConnectionDoc[]> {
    return this.dueBy('staleAt', { $gte: since, $lt: before }, limit, RUNNING);
  }

  /** The end of the consent is near, and it is time to tell, longest due first. @param since as of `overdue` */
  async expiring(before: number, limit: number, since = 0): Promise<ConnectionDoc[]> {
    return this.dueBy('tellExpiryAt', { $gte: since, $lt: before }, limit, NOT_ENDED);
  }

  /** Not ended, though nothing measured after `instant` is taken, longest ago first. @param since as of `overdue` */
  async pastIngestion(instant: number, limit: number, since = 0): Promise<ConnectionDoc[]> {
    return this.dueBy('bounds.to', { $gte: since, $lt: instant }, limit, NOT_ENDED);
  }

  /** Ended, and somebody may have died before all of it was settled: pages of them, by id. */
  async *withTokensLeft(pageSize: number): AsyncGenerator<ConnectionDoc[]> {
    for (let after = ''; ; ) {
      const page = await this.docs
        .find({ tokensLeft: true, _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(pageSize)
        .toArray();
      const last = page.at(-1);
      if (!last) return;
      yield page;
      after = last._id;
    }
  }

  /** There is nothing to poll with. Unless something was polled, or wished, since it was read. */
  async postpone({ _id, teamId, nextPollAt, consentedAt }: ConnectionDoc, until: number): Promise<void> {
    await this.docs.updateOne({ _id, teamId, nextPollAt, consentedAt }, { $set: { nextPollAt: until } });
  }

  /** @returns false if something has come meanwhile, or another pull has looked */
  async noteSilence({ _id, teamId, staleAt }: ConnectionDoc, silence: Silence): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { _id, teamId, staleAt: staleAt ?? null, desired: 'running' },
      { $set: { silence } },
    );
    return matchedCount === 1;
  }

  /** It is told, or nothing to tell, until the next pull says otherwise. */
  async silenceTold({ _id, teamId, staleAt }: ConnectionDoc): Promise<void> {
    await this.docs.updateOne({ _id, teamId, staleAt: staleAt ?? null }, { $set: { staleAt: null } });
  }

  /** Says when the end of this consent is told next; nothing about a younger one's. */
  async expiryTold({ _id, teamId, consentedAt }: Consented, tellExpiryAt: number | null): Promise<void> {
    await this.docs.updateOne({ _id, teamId, consentedAt }, { $set: { tellExpiryAt } });
  }

  private async dueBy(
    instant: Instant,
    range: { readonly $gte: number; readonly $lt: number },
    limit: number,
    which: Filter<ConnectionDoc>,
  ): Promise<ConnectionDoc[]> {
    return this.docs
      .find({ ...which, [instant]: range })
      .sort({ [instant]: 1 })
      .limit(limit)
      .toArray();
  }
}
