import type { DexcomApps } from '../../src/dexcom/apps';
import type { CallGate } from '../../src/dexcom/callGate';
import { clientOver, type DexcomClient } from '../../src/dexcom/client';
import { DexcomHttp } from '../../src/dexcom/http';
import type { AppCredentials } from '../../src/dexcom/registration';

/** Counts nothing and refuses nothing. */
export const openGate: CallGate = { admit: async () => undefined, refused: async (_app, _turn, retryAfterMs) => retryAfterMs };

export interface LoneClient extends DexcomClient {
  close(): Promise<void>;
}

type LoneApp = AppCredentials & { readonly baseUrl: string; readonly timeoutMs?: number };

/** One app at one address. */
export function dexcomClient({ timeoutMs, ...app }: LoneApp, gate = openGate): LoneClient {
  const http = new DexcomHttp(app.baseUrl, timeoutMs);
  return { ...clientOver(http, { ...app, region: 'simulator' }, gate), close: () => http.close() };
}

/** The only app there is, whoever asks. */
export const onlyApp = (client: LoneClient): DexcomApps => ({
  defaultRegion: client.region,
  clientFor: async () => client,
  regionsOf: async () => [client.region],
  close: () => client.close(),
});
