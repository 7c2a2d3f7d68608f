import { type Db, MongoClient } from 'mongodb';
import { mongodbUri } from '../servers';

/** Another way to a database, on which every command is counted that goes over the wire. */
export interface CountedDatabase {
  over(db: Db): Db;
  /** Of each command since the last call, how many: `{ find: 3, insert: 2 }`. */
  taken(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export async function countedDatabase(): Promise<CountedDatabase> {
  const client = new MongoClient(mongodbUri(), {
    monitorCommands: true,
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  });
  await client.connect();
  let counts: Record<string, number> = {};
  client.on('commandStarted', ({ commandName }) => {
    counts[commandName] = (counts[commandName] ?? 0) + 1;
  });
  return {
    over: ({ databaseName }) => client.db(databaseName),
    taken() {
      const before = counts;
      counts = {};
      return before;
    },
    close: () => client.close(),
  };
}
