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
  /** `whsec_…`, encrypted. */
  readonly secret: Sealed;
  /** Set to failing by its backlog workflow, and back to healthy by it (design §4). */
  readonly state: 'healthy' | 'failing';
  /** An answer lately took more than 2 s: no inline try until its workflow has seen it quick again. */
  readonly slowSince: number | null;
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

  get(teamId: string, id: string): Promise<WebhookEndpointDoc | null> {
    return this.collection.findOne({ _id: id, teamId });
  }

  read(teamId: string, ids: readonly string[]): Promise<WebhookEndpointDoc[]> {
    return this.collection.find({ _id: { $in: [...ids] }, teamId }).toArray();
  }

  /** Those a new message may go to. An engine has one set of users, so the endpoints of both environments hear of them. */
  enabledOf(teamId: string): Promise<WebhookEndpointDoc[]> {
    return this.collection.find({ teamId, disabled: false }).toArray();
  }
}
