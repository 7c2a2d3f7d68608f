import type { ConnectServices } from '../connect/connectServices';
import type { ConnectionDoc } from '../storage/connectionDoc';
import { tokenPlace } from '../storage/grants';
import type { ConnectionRecipe } from './recipe';

/** @returns null for a connection without tokens that are good for anything */
export async function exportConnection(
  { grants, keyring }: Pick<ConnectServices, 'grants' | 'keyring'>,
  { _id, teamId, userId, dexcomUserId }: ConnectionDoc,
): Promise<(ConnectionRecipe & { readonly providerId: string }) | null> {
  const grant = await grants.read(teamId, _id);
  if (!grant || grant.needsReauth) return null;
  return {
    userId,
    accessToken: keyring.open(grant.accessToken, tokenPlace(_id, 'accessToken')),
    refreshToken: keyring.open(grant.refreshToken, tokenPlace(_id, 'refreshToken')),
    providerId: dexcomUserId,
    expiresAt: grant.accessTokenExpiresAt,
  };
}
