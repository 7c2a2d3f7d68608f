import { lifeOfConnection } from '../life/lifeOfConnection';
import type { ConnectionDoc } from '../storage/connectionDoc';
import { messageId } from '../webhooks/messageId';
import { connectionRecovered, type Recovery } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import type { SyncDeps } from './deps';
import { reauthMessageId } from './tellReauth';
import { tellSilence } from './tellSilence';

/** What a live pull ends besides itself, as its closing update keeps it. */
export type Recovered = Pick<ConnectionDoc, 'silence' | 'toldError'>;

/**
 * Tells what a live pull shows to be over, once for each silence and each error that was told. Before the pull's closing update, so that it is
 * not lost if somebody dies in between.
 * @param newestAt of all readings seen by now
 */
export async function tellRecovered(deps: SyncDeps, connection: ConnectionDoc, newestAt: number | null, now: number): Promise<Recovered> {
  return { ...(await fromSilence(deps, connection, newestAt, now)), ...(await fromError(deps, connection, now)) };
}

async function fromSilence(deps: SyncDeps, connection: ConnectionDoc, newestAt: number | null, now: number): Promise<Recovered> {
  const { silence, consentedAt } = connection;
  if (!silence || newestAt === null || newestAt <= (silence.newestAt ?? -Infinity)) return {};

  // Whoever noted it may have died before it was told. What was told may be kept no more.
  if (connection.staleAt != null) await tellSilence(deps, connection, lifeAt(connection, now), silence);
  await tell(deps, connection, now, 'silence', String(silence.newestAt ?? consentedAt));
  return { silence: null };
}

/** An access token outlives a refused grant by some minutes: only another grant than the one that was told says that it works again. */
async function fromError(deps: SyncDeps, connection: ConnectionDoc, now: number): Promise<Recovered> {
  const { toldError, teamId, _id } = connection;
  if (toldError == null) return {};
  const grant = await deps.grants.read(teamId, _id);
  if (!grant || grant.needsReauth || reauthMessageId(grant) === toldError) return {};

  await tell(deps, connection, now, 'error', toldError);
  return { toldError: null };
}

const tell = (deps: SyncDeps, connection: ConnectionDoc, now: number, after: Recovery, occurrence: string): Promise<void> =>
  recordMessage(deps, {
    id: messageId('connection_recovered', connection._id, after, occurrence),
    teamId: connection.teamId,
    userId: connection.userId,
    connectionId: connection._id,
    ...connectionRecovered(connection, lifeAt(connection, now), after),
  });

/** A pull that ends well is well. */
const lifeAt = (connection: ConnectionDoc, now: number) =>
  lifeOfConnection({ ...connection, lastError: null, ...(connection.lastError && { connectedSince: now }) }, { needsReauth: null });
