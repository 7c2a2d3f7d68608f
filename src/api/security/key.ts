import type { Context } from 'hono';
import { type ApiKeyDoc, type Scope, teamScopes } from '../../storage/apiKeys';
import { ApiError, unauthorized } from '../errors';
import type { Services } from '../services';

/** What a key or an access token says about who asks. */
export type Credentials = Pick<ApiKeyDoc, 'keyId' | 'orgId' | 'teamId' | 'role' | 'boundTeamIds' | 'scopes' | 'expiresAt'>;

type KeyServices = Pick<Services, 'recentKeys' | 'accessTokens' | 'apiKeys' | 'teams'>;

/** How our tokens look, and no key does. */
export const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** `x-vital-api-key`, or `Authorization: Bearer` (vital-api.md §1.1). An empty header is none: some clients send both, one of them empty. */
export function presentedTeamKey(c: Pick<Context, 'req'>): string | null {
  return c.req.header('x-vital-api-key') || /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] || null;
}

/** `X-Management-Key`, or its older name. */
export const presentedManagementKey = (c: Pick<Context, 'req'>): string | null =>
  c.req.header('x-management-key') || c.req.header('x-vital-org-key') || null;

/**
 * What stands behind a text somebody presented.
 * @throws ApiError 401 if it is unknown or has expired, 403 if it lacks `scope`
 */
export async function openKey(services: KeyServices, presented: string | null, scope: Scope): Promise<Credentials> {
  if (!presented) throw unauthorized('No API key');
  const now = Date.now();
  const key = JWT.test(presented) ? await openToken(services, presented) : await services.recentKeys.open(presented, now);
  if (!key) throw unauthorized('Invalid token');
  if (key.expiresAt !== null && key.expiresAt <= now) throw unauthorized('The key has expired');
  if (!key.scopes.includes(scope)) throw new ApiError(403, `The key lacks the scope ${scope}`);
  return key;
}

/** An access token opens as long as its team is there, and the management key that made it. */
async function openToken({ accessTokens, apiKeys, teams }: KeyServices, text: string): Promise<Credentials | null> {
  const token = await accessTokens.verify(text);
  if (!token) return null;
  const { orgId, teamId, keyId } = token;
  const [team, madeBy] = await Promise.all([teams.byId(teamId), apiKeys.byKeyId({ orgId, of: 'the organisation' }, keyId)]);
  if (!team || !madeBy) return null;
  const scopes = teamScopes.filter((scope) => token.scopes.includes(scope));
  return { keyId, orgId, teamId, role: null, boundTeamIds: [], scopes, expiresAt: madeBy.expiresAt };
}
