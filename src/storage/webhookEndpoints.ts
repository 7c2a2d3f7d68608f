import type { Sealed } from '../security/keyring';

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
