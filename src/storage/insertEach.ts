import {
  type Collection,
  type Document,
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  type OptionalUnlessRequiredId,
} from 'mongodb';
import { isDuplicateKeyCode } from './duplicateKey';

/**
 * Inserts in one turn what may each be there once only, by `_id`. Each is a step by itself: whoever dies has inserted any of them. In ascending
 * order, so that of two writers who meet on a server that holds a turn together one waits for the other.
 * @returns those that were not there yet
 * @throws what went wrong with any other; which of them were inserted is not known then
 */
export async function insertEach<T extends Document, Doc extends OptionalUnlessRequiredId<T> & { readonly _id: string }>(
  docs: Collection<T>,
  all: readonly Doc[],
): Promise<ReadonlySet<Doc>> {
  const inserted = new Set(all);
  if (all.length === 0) return inserted;
  const inOrder = all.toSorted((a, b) => (a._id < b._id ? -1 : 1));
  try {
    await docs.insertMany(inOrder, { ordered: false });
  } catch (error) {
    for (const index of duplicatesOf(error)) {
      const doc = inOrder[index];
      if (doc) inserted.delete(doc);
    }
  }
  return inserted;
}

/** @returns the indexes of what is there already. @throws anything else that happened, as `insertOne` would throw it */
function duplicatesOf(error: unknown): number[] {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failed = [error.writeErrors].flat();
  const other = failed.find(({ code }) => !isDuplicateKeyCode(code));
  // Not the bulk's own error: that one holds the documents.
  if (other) throw new MongoServerError({ message: other.errmsg ?? 'not inserted', code: other.code });
  // The driver hides a connection that broke in an error of the bulk.
  if (failed.length === 0 && error.code === undefined) throw new MongoNetworkError(error.message, { cause: error });
  if (failed.length === 0 || error.result.getWriteConcernError()) throw error;
  return failed.map(({ index }) => index);
}
