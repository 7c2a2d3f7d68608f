import { z } from '@hono/zod-openapi';
import { DEXCOM_SLUG } from '../../../connect/connectServices';
import { dexcomRegions } from '../../../dexcom/region';
import { Id, Instant } from '../../contract';
import { refused } from '../../errors';

/** A body has at most 1 MB anyway. */
const MOST_USERS = 2_000;

const Token = z.string().min(1).max(4_096).openapi({ example: 'as Dexcom issued it' });
const ProviderSlug = z.string().openapi({ example: DEXCOM_SLUG });
const Wait = z.boolean().default(false).openapi({ description: 'Answers once it is done, if that takes less than 20 seconds' });
const UserIds = z.array(Id).max(MOST_USERS);

export const ConnectionRecipe = z
  .object({
    user_id: Id,
    access_token: Token,
    refresh_token: Token,
    provider_id: z
      .string()
      .max(255)
      .openapi({ description: 'The account, by Dexcom’s word; on import Dexcom is asked itself', example: 'b7f1c2' }),
    expires_at: z.int().min(0).max(8_640_000_000_000).openapi({ description: 'When the access token runs out, Unix seconds' }),
    oauth_scopes: z
      .array(z.string())
      .nullish()
      .openapi({ example: ['offline_access'] }),
  })
  .openapi('ConnectionRecipe');

export const BulkImportBody = z
  .object({
    provider: ProviderSlug,
    connections: z.array(ConnectionRecipe).max(MOST_USERS),
    wait_for_completion: Wait,
    region: z.enum(dexcomRegions).nullish().openapi({ description: 'Where the accounts live; otherwise the default (ours)' }),
  })
  .openapi('BulkImportBody');

export const BulkTriggerBody = z
  .object({ provider: ProviderSlug, user_ids: UserIds, wait_for_completion: Wait })
  .openapi('BulkTriggerBody');
export const BulkPauseBody = z.object({ provider: ProviderSlug, user_ids: UserIds }).openapi('BulkPauseBody');
export const BulkExportBody = z
  .object({ provider: ProviderSlug, user_ids: UserIds.nullish(), next_token: z.string().nullish().openapi({ example: null }) })
  .openapi('BulkExportBody');

export const BulkOperation = z
  .object({
    type: z.enum(['link_bulk_import', 'link_bulk_historical_trigger']),
    status: z.enum(['in_progress', 'success', 'failure']).openapi({ description: '`failure`: not one of them could be done' }),
    provider: ProviderSlug,
    pending: z.int(),
    processed: z.int(),
    started_at: Instant,
    ended_at: Instant.nullable(),
    id: Id,
    user_ids_failed: z.array(Id).openapi({ description: 'Ours' }),
  })
  .openapi('BulkOperation');

/** @throws ApiError 400 */
export function refuseOtherProviders(provider: string): void {
  if (provider !== DEXCOM_SLUG) throw refused(400, 'INVALID_PROVIDER', `This engine connects ${DEXCOM_SLUG} only`);
}
