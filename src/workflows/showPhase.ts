import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { connectionErrorKey, syncPhaseKey, teamIdKey, userIdKey } from '../temporal/searchAttributes';
import type { Identity } from './describe';
import { errorOf, phaseOf } from './phase';
import type { SyncState } from './syncState';

/** Keeps the search attributes true. Each change is an event, so only changes are sent; the server carries them from run to run. */
export function showPhase(state: SyncState): void {
  const shown = workflowInfo().typedSearchAttributes;
  const phase = phaseOf(state);
  const error = errorOf(state);
  const changes: SearchAttributeUpdatePair[] = [];
  if (shown.get(syncPhaseKey) !== phase) changes.push({ key: syncPhaseKey, value: phase });
  if ((shown.get(connectionErrorKey) ?? null) !== error) changes.push({ key: connectionErrorKey, value: error });
  if (changes.length > 0) upsertSearchAttributes(changes);
}

/** Known from the start, and carried from run to run by the server. */
export function identityOf(connectionId: string): Identity {
  const { typedSearchAttributes } = workflowInfo();
  return {
    connectionId,
    userId: typedSearchAttributes.get(userIdKey) ?? 'unknown',
    teamId: typedSearchAttributes.get(teamIdKey) ?? 'unknown',
  };
}
