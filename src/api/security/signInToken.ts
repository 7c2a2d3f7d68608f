import type { Scope } from '../../storage/apiKeys';
import { ApiError, unauthorized } from '../errors';
import type { Services } from '../services';
import { type Credentials, JWT } from './key';

/** What the holder of a sign-in token may do at all, each only as far as the key that made the token could. */
export const readScopes: readonly Scope[] = ['users:read', 'glucose:read'];

type SignInServices = Pick<Services, 'signInTokens' | 'apiKeys' | 'users'>;

/**
 * Opens a request with a sign-in token: reads of its own user, which the path must name (docs/security.md).
 * @param asked.userId of the request's path; absent: the route is not about one user
 * @returns null if `presented` is no sign-in token
 * @throws ApiError 401 once the user or the key that made the token is gone, 403 for everything that is not this user's to read
 */
export async function openSignInToken(
  { signInTokens, apiKeys, users }: SignInServices,
  presented: string | null,
  asked: { readonly scope: Scope; readonly userId: string | undefined },
): Promise<Pick<Credentials, 'teamId' | 'keyId' | 'orgId' | 'scopes'> | null> {
  const token = presented && JWT.test(presented) ? await signInTokens.verify(presented) : null;
  if (!token) return null;

  const { teamId, userId, orgId, keyId } = token;
  const [user, madeByTeam, madeByManagement] = await Promise.all([
    users.byId(teamId, userId),
    apiKeys.byKeyId({ orgId, of: [teamId] }, keyId),
    apiKeys.byKeyId({ orgId, of: 'the organisation' }, keyId),
  ]);
  const madeBy = madeByTeam ?? madeByManagement;
  if (!user || !madeBy || (madeBy.expiresAt !== null && madeBy.expiresAt <= Date.now())) throw unauthorized('Invalid token');

  const scopes = readScopes.filter((scope) => token.scopes.includes(scope));
  if (asked.userId?.toLowerCase() !== userId)
    throw new ApiError(403, 'A sign-in token opens what is read of its own user, and nothing else');
  if (!scopes.includes(asked.scope)) throw new ApiError(403, `A sign-in token lacks the scope ${asked.scope}`);
  return { teamId, keyId, orgId, scopes };
}
