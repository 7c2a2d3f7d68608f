import { MongoNetworkError, MongoServerError, MongoServerSelectionError, MongoSystemError } from 'mongodb';

/** Codes a server gives while it starts, stops or changes its primary; 1 is what FerretDB says while PostgreSQL restarts (docs/storage.md). */
const AWAY_CODES = new Set<unknown>([1, 6, 7, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436]);
const AWAY_NAMES = new Set(['MongoNotConnectedError', 'MongoTopologyClosedError', 'MongoPoolClearedError', 'MongoOperationTimeoutError']);

/** What the driver lets through as Node.js threw it, when it writes to a socket that the server has just closed. */
const SOCKET_CODES = new Set<unknown>(['EPIPE', 'ECONNRESET']);

/** Whether an operation failed because the database is not there just now, so that the same one may work later. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError || error instanceof MongoSystemError) return true;
  if (error instanceof MongoServerError) return AWAY_CODES.has(error.code);
  if (typeof error !== 'object' || error === null) return false;
  return ('name' in error && AWAY_NAMES.has(String(error.name))) || ('code' in error && SOCKET_CODES.has(error.code));
}
