import { type ApiKeyDoc, teamScopes } from '../../../storage/apiKeys';
import { instant, instantOrNull } from '../../instant';
import type { TeamKey } from './schemas';

/** A team's key as whoever manages it sees it. @param value the key itself, in the answer that made it only */
export const teamKey = (key: ApiKeyDoc, value = `sk_continuo_…${key.lastFour}`): TeamKey => ({
  id: key.keyId,
  label: key.label,
  value,
  team_id: key.teamId ?? '',
  created_at: instant(key.createdAt),
  scopes: teamScopes.filter((scope) => key.scopes.includes(scope)),
  expires_at: instantOrNull(key.expiresAt),
  last_used_at: instantOrNull(key.lastUsedAt),
});
