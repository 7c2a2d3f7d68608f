import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';

/**
 * Waits for an endpoint's turn to be posted to. Of one with a rate limit all processes take turns together, each a limit's share of a second
 * after the one before; of others it is at once, and asks nobody.
 * @param by Unix milliseconds: a later turn is not taken. @returns false if there was none by then
 */
export async function takeTurn(
  { endpoints }: { readonly endpoints: WebhookEndpoints },
  { teamId, _id, rateLimit }: WebhookEndpointDoc,
  by: number,
): Promise<boolean> {
  if (rateLimit === null) return true;
  const now = Date.now();
  const turn = await endpoints.takeTurn(teamId, _id, 1_000 / rateLimit, { now, by });
  if (turn === null) return false;
  if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now));
  return true;
}
