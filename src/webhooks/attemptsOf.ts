import type { AttemptDoc, Attempts } from '../storage/attempts';
import type { Deliveries, DeliveryDoc, EndpointKey, LatestCursor } from '../storage/deliveries';
import { KEEP_ATTEMPTS_MS } from './logAttempt';

/** One attempt, wherever it is kept. */
export type ToldAttempt = Omit<AttemptDoc, 'teamId' | 'endpointId'>;

/**
 * The attempts to deliver to one endpoint, latest first: those with a document of their own, and those of which the delivery is what is kept,
 * because they were the first and taken.
 * @param which with a message's id, of that message only
 */
export async function attemptsOf(
  { attempts, deliveries }: { readonly attempts: Attempts; readonly deliveries: Deliveries },
  which: EndpointKey & { readonly messageId?: string | undefined },
  after: LatestCursor | null,
  most: number,
): Promise<readonly ToldAttempt[]> {
  const oldest = Date.now() - KEEP_ATTEMPTS_MS;
  const { teamId, endpointId, messageId } = which;
  const [logged, atOnce] = await Promise.all([
    attempts.page(which, after, oldest, most),
    messageId === undefined
      ? deliveries.takenAtOnce(which, after, oldest, most)
      : deliveries.get(teamId, messageId, endpointId).then((delivery) => (delivery && isAfter(delivery, after) ? [delivery] : [])),
  ]);
  return [...logged, ...atOnce.flatMap(firstTry)].sort(latestFirst).slice(0, most);
}

/** @returns none of a delivery that took more than one try, has not been taken, or was kept by whoever wanted it again */
function firstTry(delivery: DeliveryDoc): readonly ToldAttempt[] {
  const { _id, messageId, state, attempts, acceptedAt, lastStatus, lastLatencyMs, replayed } = delivery;
  if (state !== 'accepted' || attempts !== 1 || acceptedAt === null || typeof replayed?.takenAt === 'number') return [];
  const taken = { outcome: 'accepted', status: lastStatus, error: null, latencyMs: lastLatencyMs ?? 0 } as const;
  return [{ _id, messageId, at: acceptedAt, ...taken, excerpt: null, nextAttemptAt: null }];
}

const isAfter = ({ _id, acceptedAt }: DeliveryDoc, after: LatestCursor | null): boolean =>
  after === null || (acceptedAt !== null && latestFirst(after, { at: acceptedAt, _id }) < 0);

function latestFirst(one: LatestCursor, other: LatestCursor): number {
  if (one.at !== other.at) return other.at - one.at;
  return one._id < other._id ? 1 : -1;
}
