import { deliveryId } from '../storage/deliveries';
import type { AgedMessage } from '../storage/messages';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import { eraseMessages, type Told } from './eraseMessages';

interface Purging extends Told {
  readonly endpoints: WebhookEndpoints;
}

const DAY_MS = 86_400_000;
/** An endpoint's five days of failure are judged by what it has taken. */
const LEAST_KEPT_MS = 7 * DAY_MS;
/** A place in the feed may be a little younger than its message. */
const LONGER_THAN_FEED_MS = DAY_MS;
const PAGE = 500;
const PURGE_FOR_MS = 20_000;

/**
 * Removes messages that were on their way to everybody and can be read in the feed no more, with their deliveries and attempts. One that an endpoint
 * still has to take, or was tried lately, is looked at again a day later. What still waits for an endpoint that is gone waits for nobody.
 * @returns how many there were; what there was no time for is the next call's
 */
export async function purgeMessages(told: Purging, keptMs: number): Promise<number> {
  const until = Date.now() + PURGE_FOR_MS;
  const oldest = Date.now() - Math.max(keptMs + LONGER_THAN_FEED_MS, LEAST_KEPT_MS);

  let purged = 0;
  for (;;) {
    const page = await told.messages.agedBefore(oldest, PAGE);
    for (const [teamId, aged] of byTeam(page)) purged += await purge(told, teamId, aged, oldest);
    if (page.length < PAGE || Date.now() > until) return purged;
  }
}

async function purge(told: Purging, teamId: string, aged: readonly AgedMessage[], oldest: number): Promise<number> {
  const there = new Set((await told.endpoints.allOf(teamId)).map(({ _id }) => _id));
  const ids = aged.flatMap(({ _id, targets }) => targets.filter((target) => there.has(target)).map((target) => deliveryId(_id, target)));
  const needed = await told.deliveries.neededAmong(teamId, ids, oldest);
  const kept = aged.filter(({ _id }) => needed.has(_id)).map(({ _id }) => _id);
  if (kept.length > 0) await told.messages.ageFrom(teamId, kept, oldest + DAY_MS);

  const over = aged.filter(({ _id }) => !needed.has(_id));
  await eraseMessages(told, teamId, over);
  return over.length;
}

function byTeam(messages: readonly AgedMessage[]): ReadonlyMap<string, readonly AgedMessage[]> {
  const teams = new Map<string, AgedMessage[]>();
  for (const message of messages) teams.set(message.teamId, [...(teams.get(message.teamId) ?? []), message]);
  return teams;
}
