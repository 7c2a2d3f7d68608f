import type { Deliveries, DeliveryDoc } from '../storage/deliveries';
import type { MessageCursor, Messages, PastMessage } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { shouldHave } from './missed';
import { type PastDelivery, withDeliveries } from './withDeliveries';

/** Events that an endpoint should have and has not acknowledged. */
interface MissingPage {
  readonly missing: readonly PastDelivery[];
  /** Where to go on; null at the end. */
  readonly after: MessageCursor | null;
}

const LOOKED_AT_ONCE = 250;
/** An endpoint that lacks hardly anything has its answer after so many, with a position further on. */
const MOST_LOOKED_AT = 5_000;

/**
 * The team's events behind a place in time that an endpoint's filters let through and that it has not taken, oldest first: those it was not
 * sent while it was disabled, too.
 */
export async function missingOf(
  { messages, deliveries }: { readonly messages: Messages; readonly deliveries: Deliveries },
  endpoint: WebhookEndpointDoc,
  from: MessageCursor,
  limit: number,
): Promise<MissingPage> {
  const missing: PastDelivery[] = [];
  let after = from;
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; ) {
    const page = await messages.behind(endpoint.teamId, after, LOOKED_AT_ONCE);
    lookedAt += page.length;
    for (const found of await untaken(deliveries, endpoint, page)) {
      missing.push(found);
      if (missing.length === limit) return { missing, after: placeOf(found.message) };
    }
    const last = page.at(-1);
    if (!last || page.length < LOOKED_AT_ONCE) return { missing, after: null };
    after = placeOf(last);
  }
  return { missing, after };
}

async function untaken(
  deliveries: Deliveries,
  endpoint: WebhookEndpointDoc,
  page: readonly PastMessage[],
): Promise<readonly PastDelivery[]> {
  const due = page.filter((message) => shouldHave(endpoint, message));
  return (await withDeliveries(deliveries, endpoint, due)).filter(({ delivery }) => !hasTaken(delivery));
}

/** Also one that it is being sent again. */
const hasTaken = (delivery: DeliveryDoc | null): boolean =>
  delivery?.state === 'accepted' || typeof delivery?.replayed?.takenAt === 'number';

const placeOf = ({ createdAt, _id }: PastMessage): MessageCursor => ({ createdAt, _id });
