import type { Collection, Db, Filter, MatchKeysAndValues } from 'mongodb';
import type { DexcomRegion } from '../dexcom/region';
import type { GrantIssuer } from '../dexcom/registration';
import type { Sealed } from '../security/keyring';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

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
  /** Where the person's account lives, if the app knows; null or absent: the person is asked, if there is a choice. */
  readonly region?: DexcomRegion | null;
  readonly filterOnProviders: readonly string[] | null;
  readonly redirectUrl: string | null;
  readonly onClose: 'redirect' | null;
  /** The app that a sign-in goes to whose OAuth `state` is the bare link token; absent: every `state` names one. */
  readonly app?: GrantIssuer;
  /** Which of its user's links this is that were asked for with the same words; absent where nobody asked. */
  readonly asked?: Asked;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Every code ever claimed: none is sent to Dexcom twice, whatever became of it. */
  readonly spentCodeHashes: readonly string[];
  readonly step: LinkStep;
  /** The latest code whose consent was dropped because another user of the team has the account. */
  readonly refusedCodeHash?: string | null;
  /** Consumed, and its grant or connection may be missing: `reconcile` looks for these. */
  readonly unfinished: boolean;
}

export interface Asked {
  /** Of user and wishes. */
  readonly key: string;
  /** Counted from 1; the session's id names key and turn, so that each is had once. */
  readonly turn: number;
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
  /** The app that was consented to. */
  readonly issuer?: GrantIssuer | undefined;
  /** Dropped once they stand in the grant, or nothing will come of this consent. */
  readonly tokens: LinkTokens | null;
  /** Somebody is renewing `tokens` and has until this instant; nobody else renews them or writes the account before. */
  readonly renewingUntil?: number | null;
  /** Known before the tokens become a grant's and are rotated there: from then on nobody renews those of the session. Dropped at the end. */
  readonly account?: ConsentedAccount | null;
  /** Its user may have the account; from then on nobody refuses it. Absent where the team does not mind. */
  readonly accepted?: boolean | null;
  /** Null while unfinished, and where nothing came of this consent. */
  readonly connectionId: string | null;
  /** A younger consent of the same person stood before this one was settled. Absent while unfinished. */
  readonly overtaken?: boolean;
}

/** How a consent was settled. */
export type ConsentEnd = Required<Pick<ConsumedStep, 'connectionId' | 'overtaken'>>;

/** Nothing came of a consent: its user is deleted, or Dexcom refuses its tokens for good. */
export const NOTHING: ConsentEnd = { connectionId: null, overtaken: false };

/** Whose account a consent opened, and what there is of it. */
export interface ConsentedAccount {
  readonly dexcomUserId: string;
  /** First reading Dexcom serves, Unix milliseconds; null: none yet. */
  readonly offeredFrom: number | null;
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
    { name: 'asked', key: { teamId: 1, userId: 1, 'asked.key': 1, 'asked.turn': 1 } },
  ],
};

/** The collection `link_sessions`. Every change is one update of one document, filtered by the step its writer read. */
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
  async prolong({ teamId, _id }: Named, expiresAt: number): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne({ _id, teamId, 'step.kind': 'open' }, { $max: { expiresAt } });
    return matchedCount === 1;
  }

  async read({ teamId, _id }: Named): Promise<LinkSessionDoc | null> {
    return this.docs.findOne({ _id, teamId });
  }

  /** For `reconcile`, which comes with an id alone. */
  async load(sessionId: string): Promise<LinkSessionDoc | null> {
    return this.docs.findOne({ _id: sessionId });
  }

  /** Consumed before `instant` and not settled, oldest first. @param since `consentedAt` of the last one seen, for the next page */
  async unfinished(instant: number, limit: number, since = 0): Promise<LinkSessionDoc[]> {
    return this.docs
      .find({ unfinished: true, 'step.consentedAt': { $gte: since, $lt: instant } })
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

  /** Says that the refresh token is about to be sent. @returns false if somebody else is at that, or they are not as read any more */
  async claimRenewal(session: Named, read: LinkTokens, renewingUntil: number): Promise<boolean> {
    return this.move(unclaimed(session, read), { 'step.renewingUntil': renewingUntil });
  }

  /** The refresh token was sent for nothing. */
  async endRenewal(session: Named, read: LinkTokens, renewingUntil: number): Promise<void> {
    await this.move({ ...unidentified(session, read), 'step.renewingUntil': renewingUntil }, { 'step.renewingUntil': null });
  }

  /** Replaces tokens by what they were renewed to. @returns false if they are not as read any more: the new ones are of no use */
  async renewTokens(session: Named, read: LinkTokens, tokens: LinkTokens): Promise<boolean> {
    return this.move(unidentified(session, read), { 'step.tokens': tokens, 'step.renewingUntil': null });
  }

  /** Ends the time in which the session's tokens may be renewed. @returns false if somebody is at that, or they are not as read any more */
  async recordAccount(session: Named, read: LinkTokens, account: ConsentedAccount): Promise<boolean> {
    return this.move(unclaimed(session, read), { 'step.account': account });
  }

  /** They stand in the grant, or a younger consent's do: from now on nobody refuses it. @returns false if it was refused, or is settled */
  async dropTokens({ teamId, _id }: Named, consentId: string): Promise<boolean> {
    return this.move({ _id, teamId, unfinished: true, 'step.consentId': consentId }, { 'step.tokens': null });
  }

  /** Grant and connection stand, or nothing will come of this consent. The first to say so is right. */
  async finish({ teamId, _id }: Named, consentId: string, end: ConsentEnd): Promise<void> {
    await this.move({ _id, teamId, unfinished: true, 'step.consentId': consentId }, over(end));
  }

  /** @returns false if it was refused, or is settled */
  async accept({ teamId, _id }: Named, consentId: string): Promise<boolean> {
    return this.move({ _id, teamId, unfinished: true, 'step.consentId': consentId }, { 'step.accepted': true });
  }

  /** Drops a consent and opens its session for another one. @returns false if it was accepted or refused already, stands in a grant, or is settled */
  async refuse({ teamId, _id, step }: LinkSessionDoc, consentId: string): Promise<boolean> {
    if (step.kind !== 'consumed') return false;
    return this.move(
      { _id, teamId, unfinished: true, 'step.consentId': consentId, 'step.accepted': null, 'step.tokens': { $ne: null } },
      { step: { kind: 'open' }, unfinished: false, refusedCodeHash: step.codeHash },
    );
  }

  /** Finishes a session whose tokens Dexcom keeps refusing. @returns false if somebody renews them, or they are not as read any more */
  async giveUp(session: Named, read: LinkTokens): Promise<boolean> {
    return this.move(unclaimed(session, read), over(NOTHING));
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

  private async move(from: Filter<LinkSessionDoc>, to: MatchKeysAndValues<LinkSessionDoc>): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(from, { $set: to });
    return matchedCount === 1;
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

/** Consumed, and nobody knows yet whose account it is: the tokens are the session's alone. */
const unidentified = ({ _id, teamId }: Named, { refresh }: LinkTokens): Filter<LinkSessionDoc> => ({
  _id,
  teamId,
  unfinished: true,
  'step.tokens.refresh.ct': refresh.ct,
  'step.account': null,
});

const unclaimed = (session: Named, read: LinkTokens): Filter<LinkSessionDoc> => ({
  ...unidentified(session, read),
  $or: [{ 'step.renewingUntil': null }, { 'step.renewingUntil': { $lt: Date.now() } }],
});

const over = ({ connectionId, overtaken }: ConsentEnd) => ({
  'step.tokens': null,
  'step.account': null,
  'step.connectionId': connectionId,
  'step.overtaken': overtaken,
  unfinished: false,
});
