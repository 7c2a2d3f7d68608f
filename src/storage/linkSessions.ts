import type { Collection, Db, Filter } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';
import type { ConsumedStep, ExchangingStep, LinkSessionDoc, NamedSession } from './linkSessionDoc';

export const linkSessionIndexes: CollectionIndexes = {
  collection: 'link_sessions',
  indexes: [
    { name: 'unfinished', key: { 'step.consentedAt': 1 }, partialFilterExpression: { unfinished: true } },
    { name: 'expired', key: { expiresAt: 1 } },
    { name: 'asked', key: { teamId: 1, userId: 1, 'asked.key': 1, 'asked.turn': 1 } },
  ],
};

/**
 * The collection `link_sessions`, until a session is consumed; what becomes of its consent then is of `LinkConsents`. Every change is one update
 * of one document, filtered by the step its writer read.
 */
export class LinkSessions {
  private readonly docs: Collection<LinkSessionDoc>;

  constructor(db: Db) {
    this.docs = db.collection<LinkSessionDoc>(linkSessionIndexes.collection);
  }

  /** @returns false if there is one of that id already */
  async insert(session: LinkSessionDoc): Promise<boolean> {
    return insertOnce(this.docs, session);
  }

  /** The latest that was asked for with the same words. */
  async latestAsked({ teamId, userId }: Pick<LinkSessionDoc, 'teamId' | 'userId'>, key: string): Promise<LinkSessionDoc | null> {
    return this.docs.findOne({ teamId, userId, 'asked.key': key }, { sort: { 'asked.turn': -1 } });
  }

  /** @returns false if it is not open any more */
  async prolong({ teamId, _id }: NamedSession, expiresAt: number): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne({ _id, teamId, 'step.kind': 'open' }, { $max: { expiresAt } });
    return matchedCount === 1;
  }

  async read({ teamId, _id }: NamedSession): Promise<LinkSessionDoc | null> {
    return this.docs.findOne({ _id, teamId });
  }

  /** For `reconcile`, which comes with an id alone. */
  async load(sessionId: string): Promise<LinkSessionDoc | null> {
    return this.docs.findOne({ _id: sessionId });
  }

  /** Claims an open session for a code never claimed before. @returns false if it is not open any more, or the code is spent */
  async claim({ teamId, _id }: NamedSession, step: ExchangingStep): Promise<boolean> {
    return this.enter({ _id, teamId, 'step.kind': 'open' }, step);
  }

  /** Claims a session whose claimant's lease has run out. @returns false if the claim `nonce` is gone, or the code is spent */
  async takeOver({ teamId, _id }: NamedSession, nonce: string, step: ExchangingStep): Promise<boolean> {
    return this.enter({ _id, teamId, 'step.kind': 'exchanging', 'step.nonce': nonce }, step);
  }

  /** Gives a claim up: another code may try. @returns false if the claim was not held any more */
  async reopen({ teamId, _id }: NamedSession, nonce: string): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(held(teamId, _id, nonce), { $set: { step: { kind: 'open' } } });
    return matchedCount === 1;
  }

  /** Ends the session with what the exchange brought. @returns false if the claim was not held any more: the tokens are of no use */
  async consume({ teamId, _id }: NamedSession, nonce: string, step: ConsumedStep): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(held(teamId, _id, nonce), { $set: { step, unfinished: true } });
    return matchedCount === 1;
  }

  /** Forgets sessions nobody can use any more. @returns how many */
  async purge(expiredBefore: number): Promise<number> {
    const { deletedCount } = await this.docs.deleteMany({ expiresAt: { $lt: expiredBefore }, unfinished: false });
    return deletedCount;
  }

  /** All of a user's, for good. @returns how many there were */
  async erase(teamId: string, userId: string): Promise<number> {
    const { deletedCount } = await this.docs.deleteMany({ teamId, userId });
    return deletedCount;
  }

  private async enter(from: Filter<LinkSessionDoc>, step: ExchangingStep): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(
      { ...from, spentCodeHashes: { $ne: step.codeHash } },
      { $set: { step }, $push: { spentCodeHashes: step.codeHash } },
    );
    return matchedCount === 1;
  }
}

const held = (teamId: string, _id: string, nonce: string): Filter<LinkSessionDoc> => ({
  _id,
  teamId,
  'step.kind': 'exchanging',
  'step.nonce': nonce,
});
