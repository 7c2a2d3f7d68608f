import type { Database } from '../../src/storage/database';
import type { SyncDeps } from '../../src/sync/deps';
import { dexcomClient, onlyApp } from '../dexcom/dexcomClient';
import { freshDatabase } from '../storage/freshDatabase';
import { type Gate, gatedDb } from './gatedDb';
import { type ScriptedDexcom, scriptedDexcom } from './scriptedDexcom';
import { syncDeps } from './syncWorld';

/** The pull protocol over a Dexcom that answers what a test says, and a database whose every operation may be waited with. */
export interface ScriptedSync {
  readonly database: Database;
  readonly scripted: ScriptedDexcom;
  readonly deps: SyncDeps;
  /** What a worker needs whose operations pass `gate`. */
  over(gate: Gate): SyncDeps;
  close(): Promise<void>;
}

export async function scriptedSync(): Promise<ScriptedSync> {
  const [database, scripted] = await Promise.all([freshDatabase(), scriptedDexcom()]);
  const dexcom = onlyApp(dexcomClient({ baseUrl: scripted.url, clientId: 'c', clientSecret: 's' }));
  const over = (gate: Gate): SyncDeps => syncDeps(gatedDb(database.db, gate), dexcom);
  return {
    ...{ database, scripted, over },
    deps: over(async () => undefined),
    async close() {
      await Promise.all([dexcom.close(), database.close(), scripted.close()]);
    },
  };
}
