import type { Deliveries, DeliveryCursor, DeliveryDoc, EndpointKey } from '../storage/deliveries';

/** Where so many stand is known at a time: there are servers that look at all that waits for every question what is first. */
export const AHEAD = 1_000;

/** What waits for an endpoint, oldest first, in batches. */
export interface QueueAhead {
  /** @param limit at least one. @returns at most so many, as they are now; none at the end */
  next(limit: number): Promise<readonly DeliveryDoc[]>;
  /** What `next` gave last is dealt with. Without, it is given again, with what has come among it since. */
  pass(): void;
  /** Back to the oldest. @returns false if nothing was passed since the last time */
  rewind(): boolean;
}

/** A place in an endpoint's queue that one drain moves along. Only keys are held: each delivery is read when its batch begins. */
export function queueAhead(deliveries: Deliveries, endpoint: EndpointKey): QueueAhead {
  let ahead: DeliveryCursor[] = [];
  let given: DeliveryCursor | null = null;
  let passed: DeliveryCursor | null = null;

  return {
    async next(limit) {
      if (given !== passed) ahead = [];
      for (;;) {
        // The first of a drain may be all that is ever posted: the endpoint is asked whether it takes anything.
        if (ahead.length === 0) ahead = await deliveries.queueOf(endpoint, passed, passed ? AHEAD : limit);
        const keys = ahead.splice(0, limit);
        const last = keys.at(-1);
        if (!last) return [];
        given = last;
        const batch = await readQueued(deliveries, endpoint, keys);
        if (batch.length > 0) return batch;
        passed = last;
      }
    },
    pass() {
      passed = given;
    },
    rewind() {
      const moved = passed !== null;
      ahead = [];
      given = null;
      passed = null;
      return moved;
    },
  };
}

/** Those that still wait for their turn. */
async function readQueued(
  deliveries: Deliveries,
  { teamId }: EndpointKey,
  keys: readonly DeliveryCursor[],
): Promise<readonly DeliveryDoc[]> {
  const found = new Map(
    (
      await deliveries.read(
        teamId,
        keys.map(({ _id }) => _id),
      )
    ).map((delivery) => [delivery._id, delivery]),
  );
  return keys
    .flatMap(({ _id }) => found.get(_id) ?? [])
    .filter(({ state, nextAttemptAt }) => state === 'pending' && nextAttemptAt === null);
}
