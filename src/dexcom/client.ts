import type { DataRange, DexcomApp, DexcomTokens, EgvAnswer, EgvWindow } from './answers';
import { fetchDataRange } from './fetchDataRange';
import { fetchEgvs } from './fetchEgvs';
import { DexcomHttp } from './http';
import { authorizeUrl, requestTokens } from './oauth';

export type { DataRange, DexcomApp, DexcomTokens, EgvAnswer, EgvWindow } from './answers';

/** Every method but `authorizeUrl` throws `DexcomError`, or the signal's reason once it is aborted. */
export interface DexcomClient {
  authorizeUrl(request: { redirectUri: string; state: string }): string;
  exchangeCode(grant: { code: string; redirectUri: string }, signal?: AbortSignal): Promise<DexcomTokens>;
  refresh(refreshToken: string, signal?: AbortSignal): Promise<DexcomTokens>;
  egvs(accessToken: string, window: EgvWindow, signal?: AbortSignal): Promise<EgvAnswer>;
  dataRange(accessToken: string, signal?: AbortSignal): Promise<DataRange>;
  /** Ends idle connections. */
  close(): Promise<void>;
}

export function createDexcomClient({ baseUrl, ...registration }: DexcomApp): DexcomClient {
  const app = { ...registration, baseUrl: baseUrl.replace(/\/+$/, '') };
  const http = new DexcomHttp(app.baseUrl, app.timeoutMs);
  return {
    authorizeUrl: (request) => authorizeUrl(app, request),
    exchangeCode: ({ code, redirectUri }, signal) =>
      requestTokens(http, app, { grant_type: 'authorization_code', code, redirect_uri: redirectUri }, signal),
    refresh: (refreshToken, signal) => requestTokens(http, app, { grant_type: 'refresh_token', refresh_token: refreshToken }, signal),
    egvs: (accessToken, window, signal) => fetchEgvs(http, window, { accessToken, signal }),
    dataRange: (accessToken, signal) => fetchDataRange(http, { accessToken, signal }),
    close: () => http.close(),
  };
}
