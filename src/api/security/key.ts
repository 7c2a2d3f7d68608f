import type { Context } from 'hono';
import type { ApiKeyDoc, Scope } from '../../storage/apiKeys';
import { ApiError, unauthorized } from '../errors';
import type { Services } from '../services';

/** `x-vital-api-key`, or `Authorization: Bearer` (vital-api.md §1.1). */
export function presentedTeamKey(c: Context): string | null {
  return c.req.header('x-vital-api-key') ?? /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null;
}

/** `X-Management-Key`, or its older name. */
export const presentedManagementKey = (c: Context): string | null =>
  c.req.header('x-management-key') ?? c.req.header('x-vital-org-key') ?? null;

/**
 * The key behind a text somebody presented.
 * @throws ApiError 401 if it is unknown or has expired, 403 if it lacks `scope`
 */
export async function openKey({ recentKeys }: Pick<Services, 'recentKeys'>, presented: string | null, scope: Scope): Promise<ApiKeyDoc> {
  if (!presented) throw unauthorized('No API key');
  const now = Date.now();
  const key = await recentKeys.open(presented, now);
  if (!key) throw unauthorized('Invalid token');
  if (key.expiresAt !== null && key.expiresAt <= now) throw unauthorized('The key has expired');
  if (!key.scopes.includes(scope)) throw new ApiError(403, `The key lacks the scope ${scope}`);
  return key;
}
