import { setTimeout as sleep } from 'node:timers/promises';
import type { DexcomTokens } from '../dexcom/client';
import { isDatabaseAway } from '../storage/databaseAway';
import { type GrantDoc, tokenPlace } from '../storage/grants';
import type { SyncDeps } from './deps';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
const GIVE_UP_AFTER_MS = 5 * 60_000;

/**
 * Stores a rotation, unless the grant is not as read any more. This process holds the only copy of the new refresh token, so a database that
 * is away is waited for, longer than the activity lasts if need be.
 */
export async function storeRotation({ grants, keyring }: SyncDeps, read: GrantDoc, tokens: DexcomTokens): Promise<void> {
  const rotated = {
    accessToken: keyring.seal(tokens.accessToken, tokenPlace(read._id, 'accessToken')),
    refreshToken: keyring.seal(tokens.refreshToken, tokenPlace(read._id, 'refreshToken')),
    accessTokenIssuedAt: tokens.issuedAt,
    accessTokenExpiresAt: tokens.expiresAt,
  };
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      await grants.store(read, rotated);
      return;
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() > giveUpAt) throw error;
      await sleep(waitMs);
    }
  }
}
