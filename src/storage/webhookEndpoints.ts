import type { Collection, Db } from 'mongodb';
import type { Sealed } from '../security/keyring';
import { changeStored } from './changedEndpoint';
import type { CollectionIndexes } from './collectionIndexes';
import { sharedTurns } from './sharedTurns';
import {
  type EndpointCatchUp,
  type FormerSecret,
  type StoredEndpoint,
  type WebhookEndpointChange,
  type WebhookEndpointDoc,
  wholeEndpoint,
} from './webhookEndpointDoc';

/** Nobody queues for so long: who finds turns taken that far ahead finds what a clock that was wrong has left. */
const FARTHEST_TURN_MS = 30_000;

export const webhookEndpointIndexes: CollectionIndexes = {
  collection: 'webhook_endpoints',
  indexes: [{ name: 'team', key: { teamId: 1, environment: 1, createdAt: 1, _id: 1 } }],
};

/** The collection `webhook_endpoints`. A team has a handful. */
export class WebhookEndpoints {
  private readonly collection: Collection<StoredEndpoint>;
  private readonly reads = sharedTurns(async (teamId: string, asked: readonly (readonly string[])[]) => {
    const ids = [...new Set(asked.flat())];
    const found = await this.collection.find({ _id: { $in: ids }, teamId }).toArray();
    return new Map(found.map((stored) => [stored._id, wholeEndpoint(stored)]));
  });

  private readonly looks = sharedTurns(async (teamId: string) =>
    (await this.collection.find({ teamId, disabled: false }).toArray()).map(wholeEndpoint),
  );

  constructor(db: Db) {
    this.collection = db.collection(webhookEndpointIndexes.collection);
  }

  async insert(endpoint: WebhookEndpointDoc): Promise<void> {
    await this.collection.insertOne(endpoint);
  }

  /** @param scope the environment too, where the caller names one */
  async get(scope: EndpointScope, id: string): Promise<WebhookEndpointDoc | null> {
    const stored = await this.collection.findOne({ ...scope, _id: id });
    return stored && wholeEndpoint(stored);
  }

  /** @returns those that exist, in no order */
  async read(teamId: string, ids: readonly string[]): Promise<WebhookEndpointDoc[]> {
    const found = await this.reads(teamId, ids);
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** Those a new message may go to. An engine has one set of users, so the endpoints of both environments hear of them. */
  enabledOf(teamId: string): Promise<readonly WebhookEndpointDoc[]> {
    return this.looks(teamId, null);
  }

  async allOf(teamId: string): Promise<WebhookEndpointDoc[]> {
    return (await this.collection.find({ teamId }).toArray()).map(wholeEndpoint);
  }

  /** Oldest first. */
  async page(scope: Required<EndpointScope>, after: EndpointCursor | null, limit: number): Promise<WebhookEndpointDoc[]> {
    const later = after && {
      $or: [{ createdAt: { $gt: after.createdAt } }, { createdAt: after.createdAt, _id: { $gt: after._id } }],
    };
    const found = this.collection
      .find({ ...scope, ...later })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit);
    return (await found.toArray()).map(wholeEndpoint);
  }

  /** Of every team, by id: for `reconcile`. */
  async enabledAfter(id: string, limit: number): Promise<WebhookEndpointDoc[]> {
    const found = this.collection
      .find({ _id: { $gt: id }, disabled: false })
      .sort({ _id: 1 })
      .limit(limit);
    return (await found.toArray()).map(wholeEndpoint);
  }

  /** @returns the endpoint as changed, null if it is not there */
  async change(scope: Required<EndpointScope>, id: string, change: WebhookEndpointChange, at: number): Promise<WebhookEndpointDoc | null> {
    await changeStored(this.collection, scope, id, change, at);
    return this.get(scope, id);
  }

  /** @param read the endpoint, whose secret is replaced. @returns false if anything of it has been changed since, or it is gone */
  async replaceSecret(
    scope: Required<EndpointScope>,
    { _id, secret, updatedAt }: WebhookEndpointDoc,
    next: { readonly secret: Sealed; readonly formerSecrets: readonly FormerSecret[]; readonly updatedAt: number },
  ): Promise<boolean> {
    const replaced = await this.collection.updateOne({ ...scope, _id, 'secret.ct': secret.ct, updatedAt }, { $set: next });
    return replaced.matchedCount === 1;
  }

  /** Of what was before, nothing signs any more. @returns whether it is there */
  async dropFormerSecrets(scope: Required<EndpointScope>, id: string, at: number): Promise<boolean> {
    const dropped = await this.collection.updateOne({ ...scope, _id: id }, { $set: { formerSecrets: [], updatedAt: at } });
    return dropped.matchedCount === 1;
  }

  /** @returns whether it is there */
  async setHeaders(scope: Required<EndpointScope>, id: string, headers: Sealed | null, at: number): Promise<boolean> {
    const set = await this.collection.updateOne({ ...scope, _id: id }, { $set: { headers, updatedAt: at } });
    return set.matchedCount === 1;
  }

  /**
   * Takes an endpoint's next turn to be posted to, for all processes together; one whose clock is far ahead keeps nobody from the next.
   * @param gapMs between two turns
   * @param by turns after this instant are left to others
   * @returns when the turn is, Unix milliseconds; null if there is none in time
   */
  async takeTurn(
    teamId: string,
    id: string,
    gapMs: number,
    { now, by }: { readonly now: number; readonly by: number },
  ): Promise<number | null> {
    const free = { $or: [{ nextPostAt: { $lte: now } }, { nextPostAt: null }] };
    const atOnce = await this.collection.updateOne({ _id: id, teamId, ...free }, { $set: { nextPostAt: now + gapMs } });
    if (atOnce.matchedCount === 1) return now;
    const queued = { _id: id, teamId, nextPostAt: { $gt: now, $lte: by } };
    const before = await this.collection.findOneAndUpdate(queued, { $inc: { nextPostAt: gapMs } }, { returnDocument: 'before' });
    if (before) return before.nextPostAt ?? null;

    const turn = now + gapMs;
    if (turn > by) return null;
    const astray = { _id: id, teamId, nextPostAt: { $gt: now + FARTHEST_TURN_MS } };
    const mended = await this.collection.updateOne(astray, { $set: { nextPostAt: turn + gapMs } });
    return mended.matchedCount === 1 ? turn : null;
  }

  /** Unless its owner has asked for another catch-up meanwhile. @param next null once nothing is left */
  async noteCaughtUp(teamId: string, id: string, { since, after, until }: EndpointCatchUp, next: EndpointCatchUp | null): Promise<void> {
    const asKnown = { 'catchUp.since': since, 'catchUp.until': until, 'catchUp.after._id': after._id };
    await this.collection.updateOne({ _id: id, teamId, ...asKnown }, { $set: { catchUp: next } });
  }

  /** No filter names an erased user any more; one that named nobody else lets nothing through. */
  async forgetUser(teamId: string, userId: string): Promise<void> {
    for (;;) {
      const naming = await this.collection.findOne({ teamId, userIds: userId });
      if (!naming) return;
      const { _id, updatedAt, userIds } = naming;
      const others = (userIds ?? []).filter((other) => other !== userId);
      // Changed meanwhile, by its owner or for another who is erased: it is read again.
      const change = { userIds: others, updatedAt: Math.max(Date.now(), updatedAt + 1) };
      await this.collection.updateOne({ _id, teamId, updatedAt, userIds: userId }, { $set: change });
    }
  }

  /** @returns whether it was there */
  async remove(scope: Required<EndpointScope>, id: string): Promise<boolean> {
    return (await this.collection.deleteOne({ ...scope, _id: id })).deletedCount === 1;
  }

  /** A drain begins: from now on what is new queues behind it. @returns the endpoint as it was, null if it is disabled or gone */
  async markFailing(teamId: string, id: string): Promise<WebhookEndpointDoc | null> {
    const stored = await this.collection.findOneAndUpdate(
      { _id: id, teamId, disabled: false },
      { $set: { state: 'failing' } },
      { returnDocument: 'before' },
    );
    return stored && wholeEndpoint(stored);
  }

  /** A drain has found nothing pending. It looks once more afterwards. */
  async markHealthy(teamId: string, id: string, slowSince: number | null): Promise<void> {
    await this.collection.updateOne({ _id: id, teamId, disabled: false }, { $set: { state: 'healthy', slowSince } });
  }

  /** An attempt was not taken by this URL; the first of its row says since when. */
  async noteFailing({ teamId, _id, url }: AtItsUrl, since: number): Promise<void> {
    await this.collection.updateOne({ _id, teamId, url, disabled: false, failingSince: null }, { $set: { failingSince: since } });
  }

  /** @param since names the row of failures it was told of */
  async noteWarned(teamId: string, id: string, since: number, percent: number): Promise<void> {
    await this.collection.updateOne({ _id: id, teamId, failingSince: since }, { $set: { warnedPercent: percent } });
  }

  /** It has taken something after this row of failures. */
  async noteRecovered(teamId: string, id: string, since: number): Promise<void> {
    await this.collection.updateOne({ _id: id, teamId, failingSince: since }, { $set: { failingSince: null, warnedPercent: 0 } });
  }

  /**
   * By us. What waits stays, for whoever enables it.
   * @param judged what the judgement is about: another URL or another row of failures has not earned it
   * @returns whether it is disabled now
   */
  async disable(judged: JudgedEndpoint, reason: 'gone' | 'failing', at: number): Promise<boolean> {
    const { teamId, _id, url, failingSince } = judged;
    const { matchedCount } = await this.collection.updateOne(
      { _id, teamId, disabled: false, url, failingSince },
      { $set: { disabled: true, disabledReason: reason, disabledAt: at, updatedAt: at } },
    );
    return matchedCount === 1;
  }

  /** It has asked to be left alone until then; who asks for less does not shorten that. @returns false if another URL answers by now, or it is disabled or gone */
  async noteWait({ teamId, _id, url }: AtItsUrl, notBefore: number): Promise<boolean> {
    return (await this.collection.updateOne({ _id, teamId, url, disabled: false }, { $max: { notBefore } })).matchedCount === 1;
  }

  /** It is to be tried now, whatever it has asked for. */
  async dropWait(teamId: string, id: string): Promise<void> {
    await this.collection.updateOne({ _id: id, teamId }, { $set: { notBefore: null } });
  }

  async markSlow(teamId: string, id: string, since: number): Promise<void> {
    await this.collection.updateOne({ _id: id, teamId, slowSince: null }, { $set: { slowSince: since } });
  }
}

/** Whose endpoint: always the team. */
export interface EndpointScope {
  readonly teamId: string;
  readonly environment?: WebhookEndpointDoc['environment'];
}

/** An endpoint, and which of its URLs something was found out about. */
export type AtItsUrl = Pick<WebhookEndpointDoc, '_id' | 'teamId' | 'url'>;

/** An endpoint as it was when it did not take something. */
export type JudgedEndpoint = AtItsUrl & Pick<WebhookEndpointDoc, 'failingSince'>;

export type EndpointCursor = Pick<WebhookEndpointDoc, 'createdAt' | '_id'>;
