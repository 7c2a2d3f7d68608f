import type { Db } from 'mongodb';
import { openDatabase } from '../../src/storage/database';
import { mongodbUri } from '../servers';
import { gatedDb } from '../sync/gatedDb';

/** Does it in a process of its own, as far as the database can tell, that dies before its n-th operation. @returns whether it did */
export async function diedAt(step: number, databaseName: string, act: (db: Db) => Promise<unknown>): Promise<boolean> {
  const database = await openDatabase({ uri: mongodbUri(), name: databaseName });
  const db = gatedDb(database.db, async (operation) => {
    if (operation >= step) throw new Error('this process is dead');
  });
  try {
    await act(db);
    return false;
  } catch {
    return true;
  } finally {
    await database.close();
  }
}
