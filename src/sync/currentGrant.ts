import type { ConnectionDoc } from '../storage/connectionDoc';
import type { GrantDoc } from '../storage/grants';
import type { SyncDeps } from './deps';
import { SyncFailure } from './syncFailure';
import { tellReauth } from './tellReauth';

/** @throws SyncFailure `NeedsReauth` if it is marked: the app has been told then, whoever marked it; `NotWanted` if there is none */
export async function currentGrant(deps: SyncDeps, connection: ConnectionDoc): Promise<GrantDoc> {
  const grant = await deps.grants.read(connection.teamId, connection._id);
  if (!grant) throw new SyncFailure('NotWanted', 'the connection has no grant');
  if (!grant.needsReauth) return grant;

  await tellReauth(deps, connection, grant, grant.needsReauth.reason);
  throw new SyncFailure('NeedsReauth', `the person must consent again: ${grant.needsReauth.reason}`);
}
