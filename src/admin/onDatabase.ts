import type { Db } from 'mongodb';
import { loadMongodbConfig } from '../config';
import { ApiKeys } from '../storage/apiKeys';
import { openDatabase } from '../storage/database';
import { ensureIndexes } from '../storage/indexes';
import { IntegrationTeamIds } from '../storage/integrationTeamIds';
import { Teams } from '../storage/teams';
import type { TeamStores } from '../teams/teamStores';
import { type Output, print } from './print';

export interface AdminStores extends TeamStores {
  readonly db: Db;
}

/** Does one command on the database that the environment names, and prints what came of it. */
export async function onDatabase(output: Output, act: (stores: AdminStores) => Promise<object>): Promise<void> {
  const { uri, database: name } = loadMongodbConfig(process.env);
  const { db, close } = await openDatabase({ uri, name }).catch(refuse);
  try {
    await ensureIndexes(db);
    print(await act({ db, teams: new Teams(db), apiKeys: new ApiKeys(db), integrationTeamIds: new IntegrationTeamIds(db) }), output);
  } finally {
    await close();
  }
}

/** The driver does not say whose address it was; we do not say more of it than its variable, as it may hold a password. */
function refuse(error: unknown): never {
  throw new Error(`the database of MONGODB_URI: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
