import type { DataRange, DexcomTokens, EgvAnswer, EgvWindow, EventAnswer } from './answers';
import { type CallGate, type CallTurn, signIn } from './callGate';
import { countedCalls, type DexcomCaller } from './countedCalls';
import { fetchDataRange } from './fetchDataRange';
import { fetchEgvs } from './fetchEgvs';
import { fetchEvents } from './fetchEvents';
import { authorizeUrl, requestTokens } from './oauth';
import type { DexcomRegion } from './region';
import type { RegionApp } from './registration';

export type { DataRange, DexcomTokens, EgvAnswer, EgvWindow, EventAnswer } from './answers';

/** One app in one region. Every method but `authorizeUrl` throws `DexcomError`, or the signal's reason once it is aborted. */
export interface DexcomClient {
  readonly region: DexcomRegion;
  readonly clientId: string;
  /** Registered in place of our own callback; null: ours is. */
  readonly redirectUri: string | null;
  authorizeUrl(request: { redirectUri: string; state: string }): string;
  exchangeCode(grant: { code: string; redirectUri: string }, signal?: AbortSignal): Promise<DexcomTokens>;
  /** @param beforeSending once there is a call left for it, right before it is sent: what this throws keeps the token unspent */
  refresh(refreshToken: string, signal?: AbortSignal, beforeSending?: () => Promise<void>): Promise<DexcomTokens>;
  /** @param turn new readings that nobody has waited for, where left out */
  egvs(accessToken: string, window: EgvWindow, signal?: AbortSignal, turn?: CallTurn): Promise<EgvAnswer>;
  /** What the person wrote down; whatever there are no calls for waits, as history does. */
  events(accessToken: string, window: EgvWindow, signal?: AbortSignal): Promise<EventAnswer>;
  /** @param turn somebody who has just signed in and waits, where left out */
  dataRange(accessToken: string, signal?: AbortSignal, turn?: CallTurn): Promise<DataRange>;
}

/** Over a region's connections, which it shares with every other app there; every call goes through `gate`. */
export function clientOver(server: DexcomCaller, app: RegionApp, gate: CallGate): DexcomClient {
  const http = countedCalls(server, app, gate);
  return {
    region: app.region,
    clientId: app.clientId,
    redirectUri: app.redirectUri ?? null,
    authorizeUrl: (request) => authorizeUrl(app, request),
    exchangeCode: ({ code, redirectUri }, signal) =>
      requestTokens(http, app, { grant_type: 'authorization_code', code, redirect_uri: redirectUri }, { signal }),
    refresh: (refreshToken, signal, beforeSending) =>
      requestTokens(http, app, { grant_type: 'refresh_token', refresh_token: refreshToken }, { signal, beforeSending }),
    egvs: (accessToken, window, signal, turn = { kind: 'live', since: Date.now() }) =>
      fetchEgvs(http, window, { accessToken, signal, turn }),
    events: (accessToken, window, signal) => fetchEvents(http, window, { accessToken, signal, turn: { kind: 'history' } }),
    dataRange: (accessToken, signal, turn = signIn) => fetchDataRange(http, { accessToken, signal, turn }),
  };
}
