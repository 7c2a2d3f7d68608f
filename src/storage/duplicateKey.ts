import { MongoServerError } from 'mongodb';

/** Only the code is the same on every server, and only from `insertOne`: text, `keyPattern` and what an upsert answers differ (docs/storage.md). */
export const isDuplicateKey = (error: unknown): boolean => error instanceof MongoServerError && error.code === 11000;
