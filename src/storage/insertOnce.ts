import type { Collection, Document, OptionalUnlessRequiredId } from 'mongodb';
import { isDuplicateKey } from './duplicateKey';

/** Inserts what may be there once only, by its `_id` or a unique index. @returns false if it is there already */
export async function insertOnce<T extends Document>(docs: Collection<T>, doc: OptionalUnlessRequiredId<T>): Promise<boolean> {
  try {
    await docs.insertOne(doc);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
