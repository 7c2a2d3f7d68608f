import type { ConnectionDoc, DesiredState } from '../../../storage/connections';
import { ApiError, notFound } from '../../errors';
import type { Services } from '../../services';

const WISHES = { running: 'resume', paused: 'pause', disconnected: 'disconnect' } as const satisfies Record<DesiredState, string>;

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
  const { _id: connectionId, teamId, userId } = connection;
  if (!(await services.connections.setDesired(teamId, connectionId, desired)))
    throw new ApiError(409, 'The connection is disconnected; only a new link brings it back');

  const told = await services.workflows.tell(connectionId, WISHES[desired]);
  if (told === 'absent' && desired === 'running') await services.workflows.ensureRunning({ connectionId, teamId, userId });
}

/** The one in use, or else the one last used: a person who changed accounts has an older one too. */
async function connectionOf({ users, connections }: Services, { teamId, userId, provider }: Target): Promise<ConnectionDoc> {
  const [user, all] = await Promise.all([users.byId(teamId, userId), connections.ofUser(teamId, userId)]);
  if (!user) throw notFound('The user does not or no longer exists in this team');

  const [latest] = all.filter((connection) => connection.provider === provider).sort((a, b) => b.consentedAt - a.consentedAt);
  if (!latest) throw notFound(`The user has not connected ${provider}`);
  return latest;
}
