import { nameUuid } from '../../security/nameUuid';
import type { ReplayDoc, ReplayWish } from '../../storage/replays';
import type { WebhookEndpointDoc } from '../../storage/webhookEndpointDoc';
import { beginningOf } from './beginningOf';
import type { ReplayServices } from './replayServices';

const REPLAYS = '5e1f0b7a94c24d6e8a3b62c7d90f14e8';

/** The `Idempotency-Key` came with another wish before. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';

  constructor() {
    super('this Idempotency-Key was sent with another request');
  }
}

/**
 * Begins to send an endpoint past events again; from here on it is done whoever dies. A call that asks for what is under way joins it; with a key it
 * also meets what is over.
 * @throws IdempotencyKeyReused; TemporalUnavailable once it is written: it will be done, within minutes
 */
export async function beginReplay(
  { replays, replayRuns }: Pick<ReplayServices, 'replays' | 'replayRuns'>,
  { _id: endpointId, teamId }: WebhookEndpointDoc,
  wish: ReplayWish,
  idempotencyKey: string | null,
): Promise<ReplayDoc> {
  const operationId = nameUuid(REPLAYS, [
    teamId,
    endpointId,
    ...(idempotencyKey === null ? ['wish', textOf(wish)] : ['key', idempotencyKey]),
  ]);
  const fresh: ReplayDoc = {
    ...{ _id: operationId, teamId, endpointId, wish, startedAt: Date.now(), endedAt: null, outcome: null },
    ...{ after: beginningOf(wish), lookedAt: 0, queued: 0, waiting: 0 },
  };
  const begun = await beginOrJoin();
  if (begun.endedAt === null) await replayRuns.ensureRunning({ operationId, teamId, endpointId });
  return begun;

  async function beginOrJoin(): Promise<ReplayDoc> {
    for (;;) {
      if (await replays.insert(fresh)) return fresh;
      const there = await replays.load(teamId, operationId);
      // Forgotten in between.
      if (!there) continue;
      if (textOf(there.wish) !== textOf(wish)) throw new IdempotencyKeyReused();
      if (there.endedAt === null || idempotencyKey !== null) return there;
      // Another run whatever the clock says. Of several callers one begins it, and all of them find it.
      await replays.beginAnew(there, { ...fresh, startedAt: Math.max(fresh.startedAt, there.startedAt + 1) });
    }
  }
}

/** The same for the same wish, in whatever order a database gives its fields back. */
function textOf(wish: ReplayWish): string {
  switch (wish.kind) {
    case 'resend':
      return JSON.stringify([wish.kind, wish.messageId]);
    case 'recover':
      return JSON.stringify([wish.kind, wish.since]);
    case 'replay':
      return JSON.stringify([wish.kind, wish.userId, wish.types && [...new Set(wish.types)].sort(), wish.from, wish.to]);
  }
}
