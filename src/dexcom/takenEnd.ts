import { bare, type EgvQuery } from './egvQuery';
import { DexcomError } from './errors';

/** A server that does not tell its time is taken to be behind by no more than this (dexcom-api.md §8.35, F6). */
const MOST_BEHIND_MS = 2 * 60_000;

/**
 * Where a query may end that was refused, maybe because its end lies ahead of the server's clock: at that clock's now. What lies after it is read
 * by the next pull, whose overlap reaches back for it.
 * @returns null if the refusal must be about something else, or nothing is left to be asked for
 */
export function takenEnd(error: unknown, { startDate, endDate }: EgvQuery): string | null {
  if (!(error instanceof DexcomError) || error.kind !== 'refused' || error.status !== 400) return null;
  const end = bare(error.serverNow ?? Date.now() - MOST_BEHIND_MS);
  return startDate < end && end < endDate ? end : null;
}
