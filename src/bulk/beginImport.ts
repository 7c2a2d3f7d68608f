import { createHash } from 'node:crypto';
import { type ConnectServices, DEXCOM_SLUG } from '../connect/connectServices';
import { sealSessionTokens } from '../connect/sessionTokens';
import type { DexcomRegion } from '../dexcom/region';
import { nameUuid } from '../security/nameUuid';
import type { BulkItem } from '../storage/bulkOperations';
import type { ConnectionRecipe } from './recipe';

const IMPORTS = '9c2e6d40b1f84a7385d0e7f1a2c3b465';
/** Dexcom's access tokens live for two hours (dexcom-api.md §1.3). */
const ACCESS_TOKEN_LIFE_MS = 2 * 3_600_000;
/** Until then a repeated import meets the session of the first. */
const KEPT_MS = 60 * 60_000;

/** Whose connections, and where their accounts live. */
export interface ImportTarget {
  readonly teamId: string;
  /** Null: the default. */
  readonly region: DexcomRegion | null;
}

/**
 * Puts the tokens of somebody who connected elsewhere where a consent's are: into a consumed link session, named after them. From there on an
 * import is a consent like any other, and whoever meets the session settles it. Repeatable.
 * @throws DexcomError `not_configured`
 */
export async function beginImport(
  { users, dexcom, keyring, linkSessions }: Pick<ConnectServices, 'users' | 'dexcom' | 'keyring' | 'linkSessions'>,
  { teamId, region }: ImportTarget,
  { userId, accessToken, refreshToken, expiresAt }: ConnectionRecipe,
): Promise<BulkItem> {
  if (!(await users.byId(teamId, userId))) return { userId, sessionId: null, result: 'failed' };

  const app = await dexcom.clientFor({ teamId, region: region ?? undefined });
  const now = Date.now();
  const codeHash = createHash('sha256').update(refreshToken).digest('hex');
  const _id = nameUuid(IMPORTS, [teamId, userId, codeHash]);
  const issuedAt = Math.min(now, expiresAt - ACCESS_TOKEN_LIFE_MS);
  const tokens = sealSessionTokens(keyring, _id, { accessToken, refreshToken, issuedAt, expiresAt });
  const issuer = { region: app.region, clientId: app.clientId };
  await linkSessions.insert({
    _id,
    teamId,
    userId,
    provider: DEXCOM_SLUG,
    region,
    filterOnProviders: null,
    redirectUrl: null,
    onClose: null,
    createdAt: now,
    expiresAt: now + KEPT_MS,
    spentCodeHashes: [codeHash],
    step: { kind: 'consumed', codeHash, consentId: _id, consentedAt: now, issuer, tokens, connectionId: null },
    unfinished: true,
  });
  return { userId, sessionId: _id, result: null };
}
