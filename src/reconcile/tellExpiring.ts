import { consentEndsAt, expiryDue, tellExpiryAfter } from '../life/consentEnd';
import { lifeOfConnection } from '../life/lifeOfConnection';
import type { ConnectionDoc } from '../storage/connectionDoc';
import { pagesByInstant } from '../storage/pagesByInstant';
import { messageId } from '../webhooks/messageId';
import { connectionExpiring } from '../webhooks/payloads';
import { recordMessage } from '../webhooks/recordMessage';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';

type Deps = Pick<ReconcileDeps, 'due' | 'grants' | 'messages' | 'endpoints' | 'policy'>;

/** Tells of every consent that ends soon, 30 and 7 days before, once each. @returns how many were told */
export async function tellExpiring(deps: Deps): Promise<number> {
  const now = Date.now();
  const pages = pagesByInstant<ConnectionDoc>(
    deps.policy.pageSize,
    ({ tellExpiryAt }) => tellExpiryAt ?? 0,
    (size, since) => deps.due.expiring(now, size, since),
  );
  return forEachPaged(pages, (connection) => tell(deps, connection, now));
}

async function tell(deps: Deps, connection: ConnectionDoc, now: number): Promise<boolean> {
  const { teamId, _id, userId, consentedAt } = connection;
  const life = lifeOfConnection(connection, await deps.grants.read(teamId, _id));
  const daysLeft = expiryDue(consentedAt, now);
  // A person who must link again has been told so.
  const isNews = daysLeft !== null && life.state !== 'needs_reauth';
  if (isNews)
    await recordMessage(deps, {
      id: messageId('connection_expiring', _id, consentedAt, daysLeft),
      teamId,
      userId,
      connectionId: _id,
      ...connectionExpiring(connection, life, consentEndsAt(consentedAt), daysLeft),
    });
  await deps.due.expiryTold(connection, tellExpiryAfter(consentedAt, now));
  return isNews;
}
