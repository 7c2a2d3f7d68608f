import { type Db, MongoClient } from 'mongodb';

export interface Database {
  readonly client: MongoClient;
  readonly db: Db;
  close(): Promise<void>;
}

export interface DatabaseAddress {
  readonly uri: string;
  readonly name: string;
  readonly answerWithinMs?: number;
}

/**
 * Connects, so that a wrong address is told at the start and not by the first request.
 * Every write waits for a majority's journal and every read goes to the primary, whatever the address says: the protocols of design.md §2
 * stand on "what was acknowledged is there".
 * @throws MongoError if nobody answers in time
 */
export async function openDatabase({ uri, name, answerWithinMs = 5_000 }: DatabaseAddress): Promise<Database> {
  const client = new MongoClient(uri, {
    appName: 'continuo',
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    ignoreUndefined: true,
    connectTimeoutMS: answerWithinMs,
    serverSelectionTimeoutMS: answerWithinMs,
    socketTimeoutMS: 30_000,
  });
  try {
    await client.connect();
    await client.db(name).command({ ping: 1 });
  } catch (error) {
    await client.close();
    throw error;
  }
  return { client, db: client.db(name), close: () => client.close() };
}
