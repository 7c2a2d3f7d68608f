import { lifeOfConnection } from '../life/lifeOfConnection';
import { silenceCause } from '../life/silenceCause';
import type { ConnectionDoc, Silence } from '../storage/connectionDoc';
import { dayId } from '../storage/glucoseDays';
import { pagesByInstant } from '../storage/pagesByInstant';
import { tellSilence } from '../sync/tellSilence';
import type { ReconcileDeps } from './deps';
import { forEachPaged } from './forEachPaged';

type Deps = Pick<ReconcileDeps, 'due' | 'grants' | 'glucoseDays' | 'messages' | 'endpoints' | 'policy'>;

/**
 * Tells of every connection from which nothing has come for longer than its person's habit, once per silence: it is noted first, so that the
 * pull that ends the silence knows what there is to recover from, whoever dies in between. @returns how many were told
 */
export async function tellSilent(deps: Deps): Promise<number> {
  const { due, policy } = deps;
  const now = Date.now();
  const pages = pagesByInstant<ConnectionDoc>(
    policy.pageSize,
    ({ staleAt }) => staleAt ?? 0,
    (size, since) => due.silent(now, size, since),
  );
  return forEachPaged(pages, (connection) => tell(deps, connection, now));
}

async function tell(deps: Deps, connection: ConnectionDoc, now: number): Promise<boolean> {
  const { due, grants } = deps;
  const grant = await grants.read(connection.teamId, connection._id);
  const life = lifeOfConnection(connection, grant);
  // It has been told that the person must link again: that nothing comes is no news.
  if (life.state === 'needs_reauth') {
    await due.silenceTold(connection);
    return false;
  }
  if (!hasLooked(connection)) return false;

  const { newestAt } = connection.freshness;
  const noted = connection.silence?.newestAt === newestAt ? connection.silence : null;
  const silence: Silence = noted ?? { newestAt, noticedAt: now, cause: silenceCause(connection, await latestOf(deps, connection), now) };
  if (!noted && !(await due.noteSilence(connection, silence))) return false;

  await tellSilence(deps, connection, life, silence);
  await due.silenceTold(connection);
  return true;
}

/** A silence of ours is none of the person's: somebody must have asked Dexcom since it became one, or tried to. */
const hasLooked = ({ freshness, staleAt, lastError }: ConnectionDoc): boolean =>
  Math.max(freshness.lookedAt ?? 0, lastError?.at ?? 0) >= (staleAt ?? Infinity);

async function latestOf({ glucoseDays }: Deps, { teamId, _id, newestReadingAt }: ConnectionDoc) {
  if (newestReadingAt === null) return null;
  const [day] = await glucoseDays.read(teamId, [dayId(_id, newestReadingAt)]);
  return day?.readings.at(-1) ?? null;
}
