import { isComplete } from '../freshness/backfillWindows';
import type { SyncPhase } from '../temporal/searchAttributes';
import type { SyncState } from './syncState';

/** What the connection is busy with, in one word: the search attribute `SyncPhase`. */
export function phaseOf(state: SyncState): SyncPhase {
  const { desired, token, backfill } = state;
  if (desired === null) return 'starting';
  if (token.needsReauth !== null) return 'needs_reauth';
  if (desired === 'paused') return 'paused';
  if (errorOf(state) !== null) return 'failing';
  return backfill && !isComplete(backfill) ? 'backfill' : 'live';
}

/** Type of the failure that lasts, `null` if all is well: the search attribute `ConnectionError`. A failing window of old history is the least of them. */
export function errorOf({ token, live, storage, troubled }: SyncState): string | null {
  const [window] = troubled;
  return token.needsReauth ?? token.error ?? live.error ?? storage.error ?? window?.error ?? null;
}
