/** What can be called. `other` is anything the contract does not name. */
export const ENDPOINTS = ['login', 'token', 'dataRange', 'egvs', 'events', 'calibrations', 'alerts', 'devices', 'other'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One HTTP call, counted whatever became of it. */
export interface Call {
  readonly number: number;
  /** When it was answered, simulated clock, Unix milliseconds: what was visible then is what it served. */
  readonly at: number;
  readonly endpoint: Endpoint;
  /** Null where the call does not tell. */
  readonly clientId: string | null;
  readonly personId: string | null;
  /** 0 when no status was sent. */
  readonly status: number;
  /** Endpoints with a window only: the window asked for, made half-open, and the records in the body. */
  readonly served?: { readonly from: number; readonly to: number; readonly count: number };
  readonly faultId?: string;
}
