import type { Collection, Db, Filter, MatchKeysAndValues } from 'mongodb';
import { type ConsentEnd, type ConsentedAccount, type LinkSessionDoc, type LinkTokens, type NamedSession, NOTHING } from './linkSessionDoc';
import { linkSessionIndexes } from './linkSessions';

/** The consents that consumed sessions in the collection `link_sessions` hold until each is a connection's, or nothing comes of it. */
export class LinkConsents {
  private readonly docs: Collection<LinkSessionDoc>;

  constructor(db: Db) {
    this.docs = db.collection<LinkSessionDoc>(linkSessionIndexes.collection);
  }

  /** Consumed before `instant` and not settled, oldest first. @param since `consentedAt` of the last one seen, for the next page */
  async unfinished(instant: number, limit: number, since = 0): Promise<LinkSessionDoc[]> {
    return this.docs
      .find({ unfinished: true, 'step.consentedAt': { $gte: since, $lt: instant } })
      .sort({ 'step.consentedAt': 1 })
      .limit(limit)
      .toArray();
  }

  /** Says that the refresh token is about to be sent. @returns false if somebody else is at that, or they are not as read any more */
  async claimRenewal(session: NamedSession, read: LinkTokens, renewingUntil: number): Promise<boolean> {
    return this.move(unclaimed(session, read), { 'step.renewingUntil': renewingUntil });
  }

  /** The refresh token was sent for nothing. */
  async endRenewal(session: NamedSession, read: LinkTokens, renewingUntil: number): Promise<void> {
    await this.move({ ...unidentified(session, read), 'step.renewingUntil': renewingUntil }, { 'step.renewingUntil': null });
  }

  /** Replaces tokens by what they were renewed to. @returns false if they are not as read any more: the new ones are of no use */
  async renewTokens(session: NamedSession, read: LinkTokens, tokens: LinkTokens): Promise<boolean> {
    return this.move(unidentified(session, read), { 'step.tokens': tokens, 'step.renewingUntil': null });
  }

  /** Ends the time in which the session's tokens may be renewed. @returns false if somebody is at that, or they are not as read any more */
  async recordAccount(session: NamedSession, read: LinkTokens, account: ConsentedAccount): Promise<boolean> {
    return this.move(unclaimed(session, read), { 'step.account': account });
  }

  /** They stand in the grant, or a younger consent's do: from now on nobody refuses it. @returns false if it was refused, or is settled */
  async dropTokens({ teamId, _id }: NamedSession, consentId: string): Promise<boolean> {
    return this.move({ _id, teamId, unfinished: true, 'step.consentId': consentId }, { 'step.tokens': null });
  }

  /** Grant and connection stand, or nothing will come of this consent. The first to say so is right. */
  async finish({ teamId, _id }: NamedSession, consentId: string, end: ConsentEnd): Promise<void> {
    await this.move({ _id, teamId, unfinished: true, 'step.consentId': consentId }, over(end));
  }

  /** @returns false if it was refused, or is settled */
  async accept({ teamId, _id }: NamedSession, consentId: string): Promise<boolean> {
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
  async giveUp(session: NamedSession, read: LinkTokens): Promise<boolean> {
    return this.move(unclaimed(session, read), over(NOTHING));
  }

  private async move(from: Filter<LinkSessionDoc>, to: MatchKeysAndValues<LinkSessionDoc>): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne(from, { $set: to });
    return matchedCount === 1;
  }
}

/** Consumed, and nobody knows yet whose account it is: the tokens are the session's alone. */
const unidentified = ({ _id, teamId }: NamedSession, { refresh }: LinkTokens): Filter<LinkSessionDoc> => ({
  _id,
  teamId,
  unfinished: true,
  'step.tokens.refresh.ct': refresh.ct,
  'step.account': null,
});

const unclaimed = (session: NamedSession, read: LinkTokens): Filter<LinkSessionDoc> => ({
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
