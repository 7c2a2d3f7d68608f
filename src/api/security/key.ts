import type { Context } from 'hono';
import { hashApiKey } from '../../security/apiKeys';
import type { ApiKeyDoc, Scope } from '../../storage/apiKeys';
import { ApiError, unauthorized } from '../errors';
import type { Services } from '../services';

/** Uses of a key closer together than this are noted once. */
const NOTE_USE_EVERY_MS = 5 * 60_000;

/** `x-vital-api-key`, or `Authorization: Bearer` (vital-api.md §1.1). */
export function presentedTeamKey(c: Context): string | null {
  return c.req.header('x-vital-api-key') ?? /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null;
}

/** `X-Management-Key`, or its older name. */
export const presentedManagementKey = (c: Context): string | null =>
  c.req.header('x-management-key') ?? c.req.header('x-vital-org-key') ?? null;

/**
 * The key behind a text somebody presented. One read by `_id`: a revoked key is refused from the next request on, by every process.
 * @throws ApiError 401 if it is unknown or has expired, 403 if it lacks `scope`
 */
export async function openKey({ apiKeys }: Pick<Services, 'apiKeys'>, presented: string | null, scope: Scope): Promise<ApiKeyDoc> {
  if (!presented) throw unauthorized('No API key');
  const key = await apiKeys.byHash(hashApiKey(presented));
  if (!key) throw unauthorized('Invalid token');

  const now = Date.now();
  if (key.expiresAt !== null && key.expiresAt <= now) throw unauthorized('The key has expired');
  if (!key.scopes.includes(scope)) throw new ApiError(403, `The key lacks the scope ${scope}`);
  if (key.lastUsedAt === null || key.lastUsedAt < now - NOTE_USE_EVERY_MS) await apiKeys.markUsed(key._id, now);
  return key;
}
