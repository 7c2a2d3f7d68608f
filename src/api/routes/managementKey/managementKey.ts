import type { Context } from 'hono';
import type { ApiKeyDoc } from '../../../storage/apiKeys';
import { instant, instantOrNull } from '../../instant';
import { type ManagementEnv, managedTeam } from '../../security/managementKey';
import type { ManagementKey } from './schemas';

/** A management key as its organisation sees it, without the key. */
export const managementKey = (key: ApiKeyDoc): ManagementKey => ({
  id: key.keyId,
  label: key.label,
  role: key.role ?? 'org_admin',
  team_role_bindings: key.role === 'team_admin' ? key.boundTeamIds.map((id) => ({ team_id: id })) : null,
  last_four: key.lastFour,
  created_at: instant(key.createdAt),
  expires_at: instantOrNull(key.expiresAt),
  last_used_at: instantOrNull(key.lastUsedAt),
});

/** The teams a key is to be bound to. @throws ApiError 404 if one is not of the organisation */
export async function boundTeams(
  c: Context<ManagementEnv>,
  bindings: readonly { readonly team_id: string }[] | null,
): Promise<readonly string[]> {
  const teams = await Promise.all((bindings ?? []).map(({ team_id }) => managedTeam(c, team_id)));
  return [...new Set(teams.map(({ _id }) => _id))];
}
