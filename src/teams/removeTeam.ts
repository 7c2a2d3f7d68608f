import type { FeedServices } from '../feed/feedServices';
import type { BulkOperations } from '../storage/bulkOperations';
import type { DexcomCredentials } from '../storage/dexcomCredentials';
import type { TeamDoc } from '../storage/teams';
import { deleteUser } from '../users/deleteUser';
import type { UserServices } from '../users/userServices';
import { removeEndpoint } from '../webhooks/removeEndpoint';
import type { WebhookServices } from '../webhooks/webhookServices';
import type { TeamStores } from './teamStores';

/** Looked at at once. */
const PAGE = 200;

/** What a team leaves when it goes. */
export interface RemovalStores extends TeamStores, UserServices {
  readonly dexcomCredentials: DexcomCredentials;
  readonly bulkOperations: BulkOperations;
  readonly webhooks: Pick<WebhookServices, 'endpoints' | 'deliveries' | 'replays'>;
  readonly feed: Pick<FeedServices, 'entries' | 'consumers'>;
}

/**
 * Ends a team that has nobody: it is said first, then its keys go, so that nobody comes in. Who has come in meanwhile is deleted, here or by
 * whoever made them. Repeatable; the team itself goes last.
 */
export async function removeTeam(stores: RemovalStores, { _id: teamId, orgId }: TeamDoc): Promise<void> {
  const { teams, integrationTeamIds, apiKeys, users } = stores;
  await teams.beginRemoval(teamId);
  await apiKeys.revokeAllOf(orgId, teamId);
  for (const { _id, environment } of await stores.webhooks.endpoints.allOf(teamId))
    await removeEndpoint(stores.webhooks, { teamId, environment }, _id);
  await stores.webhooks.replays.removeAllOf(teamId);
  await stores.feed.consumers.removeAllOf(teamId);
  await stores.feed.entries.removeAllOf(teamId);
  await stores.dexcomCredentials.removeAllOf(teamId);
  await stores.bulkOperations.removeAllOf(teamId);
  await integrationTeamIds.releaseAll(teamId);
  for (;;) {
    const late = await users.page(teamId, { offset: 0, limit: PAGE });
    if (late.length === 0) break;
    for (const { _id } of late) await deleteUser(stores, teamId, _id);
  }
  await teams.remove(teamId);
}
