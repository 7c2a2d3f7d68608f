import type { DexcomRegion } from './region';

/** An app's registration with Dexcom. Only the one that issued a grant can renew it. */
export interface AppCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Registered in place of our own callback; whoever owns it sends browsers on to ours, query and all (vital-api.md §3.2). */
  readonly redirectUri?: string | null;
}

export interface RegionApp extends AppCredentials {
  readonly region: DexcomRegion;
  /** Without a slash at the end. */
  readonly baseUrl: string;
}

/** Which registration issued a grant, and where. */
export interface GrantIssuer {
  readonly region: DexcomRegion;
  readonly clientId: string;
}
