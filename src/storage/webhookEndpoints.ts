import type { Collection, Db } from 'mongodb';
import type { Sealed } from '../security/keyring';
import type { CollectionIndexes } from './collectionIndexes';

/** Where a team wants its events (vital-api.md §6.1). */
export interface WebhookEndpointDoc {
  /** UUID. */
  readonly _id: string;
  readonly teamId: string;
  readonly environment: 'production' | 'sandbox';
  readonly url: string;
  readonly description: string;
  /** Null takes every type. */
  readonly filterTypes: readonly string[] | null;
  /** Posts per second, kept by its backlog. */
  readonly rateLimit: number | null;
  readonly disabled: boolean;
  /** `request`: its owner. `gone`: it answered 410. `failing`: five days of nothing but failure. Null while it is enabled. */
  readonly disabledReason: 'request' | 'gone' | 'failing' | null;
  /** `whsec_…`, encrypted. */
  readonly secret: Sealed;
  /** Set to failing by its backlog workflow, and back to healthy by it (design §4). */
  readonly state: 'healthy' | 'failing';
  /** An answer lately took more than 2 s: no inline try until its workflow has seen it quick again. */
  readonly slowSince: number | null;
  /** When the first attempt was made that was not taken, of all since the last that was; null while none is open. */
  readonly failingSince: number | null;
  /** How much of the way to being disabled its team has been told of, in percent: 0, 50, 70 or 90. */
  readonly warnedPercent: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What its owner may change. */
export type WebhookEndpointChange = Partial<Pick<WebhookEndpointDoc, 'url' | 'description' | 'filterTypes' | 'rateLimit' | 'disabled'>>;

export const webhookEndpointIndexes: CollectionIndexes = {
  collection: 'webhook_endpoints',
  indexes: [{ name: 'team', key: { teamId: 1, environment: 1, createdAt: 1, _id: 1 } }],
};

/** The collection `webhook_endpoints`. A team has a handful. */
export class WebhookEndpoints {
  private readonly collection: Collection<WebhookEndpointDoc>;

  constructor(db: Db) {
    this.collection = db.collection(webhookEndpointIndexes.collection);
  }

  async insert(endpoint: WebhookEndpointDoc): Promise<void> {
    await this.collection.insertOne(endpoint);
  }

  /** @param scope the environment too, where the caller names one */
  get(scope: EndpointScope, id: string): Promise<WebhookEndpointDoc | null> {
    return this.collection.findOne({ ...scope, _id: id });
  }

  read(teamId: string, ids: readonly string[]): Promise<WebhookEndpointDoc[]> {
    return this.collection.find({ _id: { $in: [...ids] }, teamId }).toArray();
  }

  /** Those a new message may go to. An engine has one set of users, so the endpoints of both environments hear of them. */
  enabledOf(teamId: string): Promise<WebhookEndpointDoc[]> {
    return this.collection.find({ teamId, disabled: false }).toArray();
  }

  allOf(teamId: string): Promise<WebhookEndpointDoc[]> {
    return this.collection.find({ teamId }).toArray();
  }

  /** Oldest first. */
  page(scope: Required<EndpointScope>, after: EndpointCursor | null, limit: number): Promise<WebhookEndpointDoc[]> {
    const later = after && {
      $or: [{ createdAt: { $gt: after.createdAt } }, { createdAt: after.createdAt, _id: { $gt: after._id } }],
    };
    return this.collection
      .find({ ...scope, ...later })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** Of every team, by id: for `reconcile`. */
  enabledAfter(id: string, limit: number): Promise<WebhookEndpointDoc[]> {
    return this.collection
      .find({ _id: { $gt: id }, disabled: false })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
  }

  /** @returns the endpoint as changed, null if it is not there */
  async change(scope: Required<EndpointScope>, id: string, change: WebhookEndpointChange, at: number): Promise<WebhookEndpointDoc | null> {
    // Enabling sets failing before anybody is told: nobody posts past what waited meanwhile (design §4).
    const enabling = { state: 'failing', disabledReason: null, failingSince: null, warnedPercent: 0 } as const;
    const disabling = { disabledReason: 'request' } as const;
    const state = change.disabled === undefined ? {} : change.disabled ? disabling : enabling;
    await this.collection.updateOne({ ...scope, _id: id }, { $set: { ...change, ...state, updatedAt: at } });
    return this.get(scope, id);
  }

  /** @returns whether it was there */
  async remove(scope: Required<EndpointScope>, id: string): Promise<boolean> {
    return (await this.collection.deleteOne({ ...scope, _id: id })).deletedCount === 1;
  }

  /** A drain begins: from now on what is new queues behind it. @returns the endpoint as it was, null if it is disabled or gone */
  markFailing(teamId: string, id: string): Promise<WebhookEndpointDoc | null> {
    return this.collection.findOneAndUpdate(
      { _id: id, teamId, disabled: false },
      { $set: { state: 'failing' } },
      { returnDocument: 'before' },
    );
  }

  /** A drain has found nothing pending. It looks once more afterwards. */
  async markHealthy(teamId: string, id: string, slowSince: number | null): Promise<void> {
    await this.collection.updateOne({ _id: id, teamId, disabled: false }, { $set: { state: 'healthy', slowSince } });
  }

  /** An attempt was not taken; the first of its row says since when. */
  async noteFailing(teamId: string, id: string, since: number): Promise<void> {
    await this.collection.updateOne({ _id: id, teamId, disabled: false, failingSince: null }, { $set: { failingSince: since } });
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
      { $set: { disabled: true, disabledReason: reason, updatedAt: at } },
    );
    return matchedCount === 1;
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

/** An endpoint as it was when it did not take something. */
export type JudgedEndpoint = Pick<WebhookEndpointDoc, '_id' | 'teamId' | 'url' | 'failingSince'>;

export type EndpointCursor = Pick<WebhookEndpointDoc, 'createdAt' | '_id'>;
