import type { Collection, Db, Filter } from 'mongodb';
import type { Sealed } from '../security/keyring';
import type { CollectionIndexes } from './collectionIndexes';

/**
 * One attempt to connect a person: open → exchanging → consumed, each step filtered by the claim's nonce, so that one session gives one
 * grant whoever dies in between (design §3; test/models/linkSession).
 */
export interface LinkSessionDoc {
  /** UUID; `sub` of the link token. */
  readonly _id: string;
  readonly teamId: string;
  readonly userId: string;
  readonly provider: string | null;
  readonly filterOnProviders: readonly string[] | null;
  readonly redirectUrl: string | null;
  readonly onClose: 'redirect' | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Every code ever claimed: none is sent to Dexcom twice, whatever became of it. */
  readonly spentCodeHashes: readonly string[];
  readonly step: LinkStep;
  /** Consumed, and its grant or connection may be missing: `reconcile` looks for these. */
  readonly unfinished: boolean;
}

export type LinkStep = { readonly kind: 'open' } | ExchangingStep | ConsumedStep;

/** One claim of the session, by one code; `nonce` is the claim's name. */
export interface ExchangingStep {
  readonly kind: 'exchanging';
  readonly codeHash: string;
  readonly nonce: string;
  readonly leaseUntil: number;
}

export interface ConsumedStep {
  readonly kind: 'consumed';
  readonly codeHash: string;
  readonly consentId: string;
  readonly consentedAt: number;
  /** Dropped once grant and connection stand. */
  readonly tokens: LinkTokens | null;
  /** Null while unfinished, and for a consent that a younger one of the same person had overtaken before it was settled. */
  readonly connectionId: string | null;
}

export interface LinkTokens {
  readonly access: Sealed;
  readonly refresh: Sealed;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

type Named = Pick<LinkSessionDoc, '_id' | 'teamId'>;

export const linkSessionIndexes: CollectionIndexes = {
  collection: 'link_sessions',
  indexes: [
    { name: 'unfinished', key: { 'step.consentedAt': 1 }, partialFilterExpression: { unfinished: true } },
    { name: 'expired', key: { expiresAt: 1 } },
  ],
};

/** The collection `link_sessions`. Every change is one update of one document, filtered by the step its writer read. */
export class LinkSessions {
  private readonly docs: Collection<LinkSessionDoc>;

  constructor(db: Db) {
    this.docs = db.collection<LinkSessionDoc>(linkSessionIndexes.collection);
  }

  async insert(session: LinkSessionDoc): Promise<void> {
    await this.docs.insertOne(session);
  }

  async read({ teamId, _id }: Named): Promise<LinkSessionDoc | null> {
    return this.docs.findOne({ _id, teamId });
  }

  /** For `reconcile`, which comes with an id alone. */
  async load(sessionId: string): Promise<LinkSessionDoc | null> {
    return this.docs.findOne({ _id: sessionId });
  }

  /** Consumed before `instant` and not settled, oldest first. */
  async unfinished(instant: number, limit: number): Promise<LinkSessionDoc[]> {
    return this.docs
      .find({ unfinished: true, 'step.consentedAt': { $lt: instant } })
      .sort({ 'step.consentedAt': 1 })
      .limit(limit)
      .toArray();
  }

  /** Claims an open session for a code never claimed before. @returns false if it is not open any more, or the code is spent */
  async claim({ teamId, _id }: Named, step: ExchangingStep): Promise<boolean> {
    return this.enter({ _id, teamId, 'step.kind': 'open' }, step);
  }

  /** Claims a session whose claimant's lease has run out. @returns false if the claim `nonce` is gone, or the code is spent */
  async takeOver({ teamId, _id }: Named, nonce: string, step: ExchangingStep): Promise<boolean> {
    return this.enter({ _id, teamId, 'step.kind': 'exchanging', 'step.nonce': nonce }, step);
  }

  /** Gives a claim up: another code may try. @returns false if the claim was not held any more */
  async reopen({ teamId, _id }: Named, nonce: string): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(held(teamId, _id, nonce), { $set: { step: { kind: 'open' } } });
    return matchedCount === 1;
  }

  /** Ends the session with what the exchange brought. @returns false if the claim was not held any more: the tokens are of no use */
  async consume({ teamId, _id }: Named, nonce: string, step: ConsumedStep): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(held(teamId, _id, nonce), { $set: { step, unfinished: true } });
    return matchedCount === 1;
  }

  /** Replaces tokens that were renewed before they could be settled. @returns false if they are not as read any more */
  async renewTokens({ teamId, _id }: Named, read: LinkTokens, tokens: LinkTokens): Promise<boolean> {
    const asRead = { _id, teamId, unfinished: true, 'step.tokens.refresh.ct': read.refresh.ct };
    const { matchedCount } = await this.docs.updateOne(asRead, { $set: { 'step.tokens': tokens } });
    return matchedCount === 1;
  }

  /** Drops the tokens: grant and connection stand, or nothing will come of this consent. */
  async finish({ teamId, _id }: Named, consentId: string, connectionId: string | null): Promise<void> {
    await this.docs.updateOne(
      { _id, teamId, 'step.consentId': consentId },
      { $set: { 'step.tokens': null, 'step.connectionId': connectionId, unfinished: false } },
    );
  }

  /** Forgets sessions nobody can use any more. @returns how many */
  async purge(expiredBefore: number): Promise<number> {
    const { deletedCount } = await this.docs.deleteMany({ expiresAt: { $lt: expiredBefore }, unfinished: false });
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
