import { MongoClient } from 'mongodb';
import type { Engine } from '../engine/engine';
import { mongodbUri } from '../servers';

/** How often each day of a user has been written, from the database itself: what the API shows does not tell a write that changed nothing. */
export async function storedDays(engine: Engine, userId: string): Promise<Record<string, number>> {
  const client = new MongoClient(mongodbUri());
  try {
    const days = await client.db(engine.database).collection<{ _id: string; version: number }>('glucose_days').find({ userId }).toArray();
    return Object.fromEntries(days.map(({ _id, version }) => [_id, version]));
  } finally {
    await client.close();
  }
}
