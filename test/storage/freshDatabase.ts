import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '../../src/storage/database';
import { ensureIndexes } from '../../src/storage/indexes';
import { mongodbUri } from '../servers';

/** A database of the caller's own on the real server, with our indexes; `close` drops it. */
export async function freshDatabase(): Promise<Database> {
  const database = await openDatabase({ uri: mongodbUri(), name: `test_${randomUUID().slice(0, 8)}` });
  await ensureIndexes(database.db);
  return {
    ...database,
    close: async () => {
      await database.db.dropDatabase();
      await database.close();
    },
  };
}
