import { type Db, MongoClient } from 'mongodb';

export interface Database {
  readonly client: MongoClient;
  readonly db: Db;
  close(): Promise<void>;
}

export interface DatabaseAddress {
  readonly uri: string;
  readonly name: string;
  /** How long a call waits for a server that is away. */
  readonly answerWithinMs?: number;
  /** How long a call waits for a server that has taken it. */
  readonly callWithinMs?: number;
}

/** For a process with somebody waiting: a server that went away is noticed and told within seconds. */
export const IMPATIENT: Pick<DatabaseAddress, 'answerWithinMs' | 'callWithinMs'> = { answerWithinMs: 2_000, callWithinMs: 3_000 };

/**
 * Connects, so that a wrong address is told at the start and not by the first request.
 * Every write waits for a majority's journal and every read goes to the primary, whatever the address says: the protocols of design.md §2
 * stand on "what was acknowledged is there".
 * @throws MongoError if nobody answers in time
 */
export async function openDatabase({ uri, name, answerWithinMs = 5_000, callWithinMs = 30_000 }: DatabaseAddress): Promise<Database> {
  const client = new MongoClient(uri, {
    appName: 'continuo',
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
    ignoreUndefined: true,
    connectTimeoutMS: answerWithinMs,
    serverSelectionTimeoutMS: answerWithinMs,
    socketTimeoutMS: callWithinMs,
    heartbeatFrequencyMS: answerWithinMs,
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
