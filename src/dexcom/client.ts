import type { DataRange, DexcomTokens, EgvAnswer, EgvWindow } from './answers';
import { fetchDataRange } from './fetchDataRange';
import { fetchEgvs } from './fetchEgvs';
import type { DexcomHttp } from './http';
import { authorizeUrl, requestTokens } from './oauth';
import type { DexcomRegion } from './region';
import type { RegionApp } from './registration';

export type { DataRange, DexcomTokens, EgvAnswer, EgvWindow } from './answers';

/** One app in one region. Every method but `authorizeUrl` throws `DexcomError`, or the signal's reason once it is aborted. */
export interface DexcomClient {
  readonly region: DexcomRegion;
  readonly clientId: string;
  /** Registered in place of our own callback; null: ours is. */
  readonly redirectUri: string | null;
  authorizeUrl(request: { redirectUri: string; state: string }): string;
  exchangeCode(grant: { code: string; redirectUri: string }, signal?: AbortSignal): Promise<DexcomTokens>;
  refresh(refreshToken: string, signal?: AbortSignal): Promise<DexcomTokens>;
  egvs(accessToken: string, window: EgvWindow, signal?: AbortSignal): Promise<EgvAnswer>;
  dataRange(accessToken: string, signal?: AbortSignal): Promise<DataRange>;
}

/** Over a region's connections, which it shares with every other app there. */
export function clientOver(http: DexcomHttp, app: RegionApp): DexcomClient {
  return {
    region: app.region,
    clientId: app.clientId,
    redirectUri: app.redirectUri ?? null,
    authorizeUrl: (request) => authorizeUrl(app, request),
    exchangeCode: ({ code, redirectUri }, signal) =>
      requestTokens(http, app, { grant_type: 'authorization_code', code, redirect_uri: redirectUri }, signal),
    refresh: (refreshToken, signal) => requestTokens(http, app, { grant_type: 'refresh_token', refresh_token: refreshToken }, signal),
    egvs: (accessToken, window, signal) => fetchEgvs(http, window, { accessToken, signal }),
    dataRange: (accessToken, signal) => fetchDataRange(http, { accessToken, signal }),
  };
}
