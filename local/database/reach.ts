import { MongoClient } from 'mongodb';
import { reasonOf } from '../errno';

/** @returns what is wrong with the server at `uri`, or null if it answers */
export async function whyNot(uri: string, withinMs = 1_000): Promise<string | null> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: withinMs, connectTimeoutMS: withinMs });
  try {
    await client.db('admin').command({ ping: 1 });
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await client.close();
  }
}
