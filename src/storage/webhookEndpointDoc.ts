import type { Sealed } from '../security/keyring';

/** Where a team wants its events (vital-api.md §6.1). */
export interface WebhookEndpointDoc {
  /** UUID. */
  readonly _id: string;
  readonly teamId: string;
  readonly environment: 'production' | 'sandbox';
  readonly url: string;
  readonly description: string;
  /** With wildcards, as `daily.data.*`; null takes every type. */
  readonly filterTypes: readonly string[] | null;
  /** Only what is told of these users; null takes everything. An empty one, whose users are all erased, takes nothing. */
  readonly userIds: readonly string[] | null;
  /** `thin`: ids and a link in place of what an event carries. */
  readonly payload: 'full' | 'thin';
  /** Posts per second, kept by whoever posts. */
  readonly rateLimit: number | null;
  /** Where there is a rate limit: the first turn that nobody has taken, Unix milliseconds with decimals. */
  readonly nextPostAt: number;
  readonly disabled: boolean;
  /** `request`: its owner. `gone`: it answered 410. `failing`: five days of nothing but failure. Null while it is enabled. */
  readonly disabledReason: 'request' | 'gone' | 'failing' | null;
  /** Null while it is enabled. */
  readonly disabledAt: number | null;
  /** What it was not sent, and is to get now; null if nothing. */
  readonly catchUp: EndpointCatchUp | null;
  /** `whsec_…`, encrypted. */
  readonly secret: Sealed;
  /** Those of before a rotation that sign as well, newest first. */
  readonly formerSecrets: readonly FormerSecret[];
  /** Its owner's own headers as JSON, encrypted; null if there are none. */
  readonly headers: Sealed | null;
  /** Set to failing by its backlog workflow, and back to healthy by it (design §4). */
  readonly state: 'healthy' | 'failing';
  /** An answer lately took more than 2 s: no inline try until its workflow has seen it quick again. */
  readonly slowSince: number | null;
  /** Until when an inline answer has asked to be left alone (`Retry-After`), Unix milliseconds; null if none has since the last call to try now. */
  readonly notBefore: number | null;
  /** When the first attempt was made that was not taken, of all since the last that was; null while none is open. */
  readonly failingSince: number | null;
  /** How much of the way to being disabled its team has been told of, in percent: 0, 50, 70 or 90. */
  readonly warnedPercent: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A secret sealed where the current one stands, and until when it signs, Unix milliseconds. */
export interface FormerSecret {
  readonly secret: Sealed;
  readonly until: number;
}

/** How far an endpoint's drain has come in handing it what it was not sent. Unix milliseconds. */
export interface EndpointCatchUp {
  /** As it was asked for. */
  readonly since: number;
  /** The last message that was looked at. */
  readonly after: { readonly createdAt: number; readonly _id: string };
  /** All that was there has been looked at once. */
  readonly passed: boolean;
  /** Whoever read the endpoint before it was enabled has recorded by then what they were about to: the last look is after it. */
  readonly until: number;
}

/** What its owner may change. */
export type WebhookEndpointChange = Partial<
  Pick<WebhookEndpointDoc, 'url' | 'description' | 'filterTypes' | 'userIds' | 'payload' | 'rateLimit' | 'disabled' | 'catchUp'>
>;

type Later = 'userIds' | 'payload' | 'disabledAt' | 'catchUp' | 'formerSecrets' | 'headers' | 'notBefore';

/** As it may lie in the database: written by an older release, that knew less. */
export type StoredEndpoint = Omit<WebhookEndpointDoc, Later | 'nextPostAt'> &
  Partial<Pick<WebhookEndpointDoc, Later>> & { readonly nextPostAt?: number | null };

export const wholeEndpoint = (stored: StoredEndpoint): WebhookEndpointDoc => ({
  ...{ userIds: null, payload: 'full', disabledAt: null, catchUp: null, formerSecrets: [], headers: null, notBefore: null },
  ...stored,
  nextPostAt: stored.nextPostAt ?? 0,
});
