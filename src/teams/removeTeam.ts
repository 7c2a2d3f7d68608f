import type { BulkOperations } from '../storage/bulkOperations';
import type { DexcomCredentials } from '../storage/dexcomCredentials';
import type { TeamDoc } from '../storage/teams';
import { removeEndpoint } from '../webhooks/removeEndpoint';
import type { WebhookServices } from '../webhooks/webhookServices';
import type { TeamStores } from './teamStores';

interface Stores extends TeamStores {
  readonly dexcomCredentials: DexcomCredentials;
  readonly bulkOperations: BulkOperations;
  readonly webhooks: Pick<WebhookServices, 'endpoints' | 'deliveries'>;
}

/** Ends a team that has nobody: its keys first, so that nobody comes in. Repeatable; the team itself goes last. */
export async function removeTeam(
  { teams, integrationTeamIds, apiKeys, ...stores }: Stores,
  { _id: teamId, orgId }: TeamDoc,
): Promise<void> {
  await apiKeys.revokeAllOf(orgId, teamId);
  for (const { _id, environment } of await stores.webhooks.endpoints.allOf(teamId))
    await removeEndpoint(stores.webhooks, { teamId, environment }, _id);
  await stores.dexcomCredentials.removeAllOf(teamId);
  await stores.bulkOperations.removeAllOf(teamId);
  await integrationTeamIds.releaseAll(teamId);
  await teams.remove(teamId);
}
