import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GrantUse } from '../storage/grants';
import { isRefusedGrant } from './lifeOf';

/**
 * When Dexcom is asked next, Unix milliseconds; null while nothing is asked, or nobody can say when. In the past only while it is due.
 * @param grant null: there is none that could be used
 */
export function nextPoll(
  { desired, nextPollAt, lastError }: Pick<ConnectionDoc, 'desired' | 'nextPollAt' | 'lastError'>,
  grant: Omit<GrantUse, '_id'> | null,
  now: number,
): number | null {
  // What is stored beside a grant that needs a new consent is when that is looked at again.
  if (desired !== 'running' || grant === null || grant.needsReauth !== null) return null;
  // Tokens are renewed before they are over: this one could not be, or is refused before its time. Polls wait until one can be had.
  const isTokenless = grant.accessTokenExpiresAt <= now || (lastError !== null && isRefusedGrant(lastError.type));
  return nextPollAt < now && isTokenless ? null : nextPollAt;
}
