import { MongoServerError } from 'mongodb';

/** Only the code is the same on every server, and only from inserts: text, `keyPattern` and what an upsert answers differ (docs/storage.md). */
export const isDuplicateKey = (error: unknown): boolean => error instanceof MongoServerError && isDuplicateKeyCode(error.code);

export const isDuplicateKeyCode = (code: unknown): boolean => code === 11000;
