import type { Logger } from '../log';
import type { DexcomApps } from './apps';
import type { DexcomClient } from './client';
import { DexcomError } from './errors';
import type { GrantIssuer } from './registration';

/** An app, and what it was used for: one that is full (F24) takes nobody in and still renews. */
export interface AppUse extends GrantIssuer {
  readonly use: 'connect' | 'renew';
}

/** Which apps Dexcom does not know; kept by all processes together: `src/storage/appAlarms.ts`. */
export interface AppAlarms {
  /** @returns whether nobody had raised it yet */
  raise(app: AppUse, now: number): Promise<boolean>;
  /** @returns whether it was raised */
  clear(app: AppUse): Promise<boolean>;
}

/**
 * The same apps, but `invalid_client` is told to the operator: once for each app, however many people it keeps waiting and whichever process meets
 * it, and once more when it is over (dexcom-api.md §9.4).
 */
export const watchedApps = (apps: DexcomApps, alarms: AppAlarms, log: Logger): DexcomApps => ({
  ...apps,
  clientFor: async (wanted) => watchedClient(await apps.clientFor(wanted), alarms, log),
});

function watchedClient(client: DexcomClient, alarms: AppAlarms, log: Logger): DexcomClient {
  async function watched<Tokens>(use: AppUse['use'], asking: Promise<Tokens>): Promise<Tokens> {
    const app = { region: client.region, clientId: client.clientId, use };
    try {
      const tokens = await asking;
      // Not waited for: these tokens are nowhere else yet.
      void clear(app);
      return tokens;
    } catch (error) {
      if (error instanceof DexcomError && error.kind === 'invalid_client') await raise(app, error);
      throw error;
    }
  }

  async function raise(app: AppUse, { status }: DexcomError): Promise<void> {
    try {
      if (await alarms.raise(app, Date.now())) log.error({ ...app, status }, 'Dexcom rejects this app: nobody can be served by it');
    } catch (err) {
      log.warn({ err, ...app, status }, 'Dexcom rejects this app, which could not be noted');
    }
  }

  async function clear(app: AppUse): Promise<void> {
    try {
      if (await alarms.clear(app)) log.info(app, 'Dexcom takes this app again');
    } catch (err) {
      log.warn({ err, ...app }, 'that Dexcom takes this app could not be noted');
    }
  }

  return {
    ...client,
    exchangeCode: (grant, signal) => watched('connect', client.exchangeCode(grant, signal)),
    refresh: (...asking) => watched('renew', client.refresh(...asking)),
  };
}
