import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GrantDoc } from '../storage/grants';
import { type Life, type LifeFacts, lifeOf } from './lifeOf';

type Lived = Pick<ConnectionDoc, 'desired' | 'desiredSince' | 'ended' | 'lastError' | 'errorSince' | 'connectedSince' | 'consentedAt'>;

/** A connection's life by what is stored of it. @param grant null: there is none that could be used */
export function lifeOfConnection(connection: Lived, grant: Pick<GrantDoc, 'needsReauth'> | null): Life {
  const { desired, desiredSince = null, ended = null, lastError, errorSince, connectedSince, consentedAt } = connection;
  return lifeOf({
    desired,
    desiredSince,
    ended,
    reauth: reauthOf(connection, grant),
    error: lastError && { type: lastError.type, since: errorSince ?? lastError.at },
    connectedSince: Math.max(consentedAt, connectedSince ?? 0),
  });
}

/** Why its person must consent again; null: they need not. A connection that has ended needs no grant. */
export function reauthOf({ desired }: Pick<Lived, 'desired'>, grant: Pick<GrantDoc, 'needsReauth'> | null): LifeFacts['reauth'] {
  if (grant) return grant.needsReauth;
  return desired === 'disconnected' ? null : { reason: 'grant_missing', at: null };
}
