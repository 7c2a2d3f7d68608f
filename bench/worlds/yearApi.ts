import { randomBytes } from 'node:crypto';
import { mongodbUri } from '../../test/servers';
import { type ListeningProcess, listeningProcess } from './listeningProcess';
import { storedYear } from './storedYear';
import { yearKey } from './yearKey';

/** The product's own API process over the stored year. */
export interface YearApi extends ListeningProcess {
  /** A key that opens it. */
  readonly headers: Readonly<Record<string, string>>;
}

export async function yearApi(env: Readonly<Record<string, string>> = {}): Promise<YearApi> {
  const { world } = await storedYear();
  const { url, clientId, clientSecret } = world.simulator;
  const listening = await listeningProcess('src/server.ts', {
    env: {
      MONGODB_URI: mongodbUri(),
      MONGODB_DATABASE: world.database.db.databaseName,
      CONTINUO_ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
      PORT: '0',
      DEXCOM_CLIENT_ID: clientId,
      DEXCOM_CLIENT_SECRET: clientSecret,
      DEXCOM_BASE_URL: url,
      ...env,
    },
  });
  return { ...listening, headers: { 'x-vital-api-key': await yearKey() } };
}
