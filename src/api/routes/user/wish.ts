import { byConsent } from '../../../connect/consentOrder';
import { endConnection } from '../../../connect/endConnection';
import type { ConnectionDoc, DesiredState } from '../../../storage/connectionDoc';
import { ApiError, notFound } from '../../errors';
import type { Services } from '../../services';

const WISHES = { running: 'resume', paused: 'pause' } as const;

/** The connection a path names: which user's, which provider's. */
export interface Target {
  readonly teamId: string;
  readonly userId: string;
  readonly provider: string;
}

/**
 * Writes what should be, then tells the connection's workflow. Repeatable, so that a caller told 503 in between can ask again.
 * @throws ApiError 404 if the user never connected this provider, 409 to pause or resume what is disconnected
 * @throws TemporalUnavailable once the wish is written: it will be so, the workflow just has not heard yet
 */
export async function wish(services: Services, target: Target, desired: DesiredState): Promise<void> {
  const connection = await connectionOf(services, target);
  if (desired === 'disconnected') return endConnection(services, connection, 'request');
  const { _id: connectionId, teamId } = connection;
  if (!(await services.connections.setDesired(teamId, connectionId, desired)))
    throw new ApiError(409, 'The connection is disconnected; only a new link brings it back');

  // A workflow that was lost is started by `reconcile` within minutes: nobody else but connecting does that.
  await services.workflows.tell(connectionId, WISHES[desired]);
}

/** The one in use, or else the one last used: a person who changed accounts has an older one too. */
async function connectionOf({ users, connections }: Services, { teamId, userId, provider }: Target): Promise<ConnectionDoc> {
  const [user, all] = await Promise.all([users.byId(teamId, userId), connections.ofUser(teamId, userId)]);
  if (!user) throw notFound('The user does not or no longer exists in this team');

  const latest = all
    .filter((connection) => connection.provider === provider)
    .sort(byConsent)
    .at(-1);
  if (!latest) throw notFound(`The user has not connected ${provider}`);
  return latest;
}
