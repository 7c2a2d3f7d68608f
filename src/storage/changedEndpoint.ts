import type { Collection } from 'mongodb';
import type { StoredEndpoint, WebhookEndpointChange } from './webhookEndpointDoc';
import type { EndpointScope } from './webhookEndpoints';

/** Enabling sets failing before anybody is told: nobody posts past what waited meanwhile (design §4). */
const ENABLED = { state: 'failing', disabledReason: null, disabledAt: null, failingSince: null, warnedPercent: 0 } as const;
/** Another URL has not earned what the former one is judged by. */
const MOVED = { failingSince: null, warnedPercent: 0, notBefore: null } as const;

/** Writes what its owner changes, and what follows of it, in one step; that it is disabled by request in a second. Nothing where it is not there. */
export async function changeStored(
  collection: Collection<StoredEndpoint>,
  scope: Required<EndpointScope>,
  id: string,
  change: WebhookEndpointChange,
  at: number,
): Promise<void> {
  const enabled = change.disabled === false ? ENABLED : {};
  for (;;) {
    const known = change.url === undefined ? null : await collection.findOne({ ...scope, _id: id });
    const moved = known && known.url !== change.url ? MOVED : {};
    const asKnown = { ...scope, _id: id, ...(known && { url: known.url }) };
    const changed = await collection.updateOne(asKnown, { $set: { ...change, ...enabled, ...moved, updatedAt: at } });
    // Moved by somebody else meanwhile: it is read again.
    if (changed.matchedCount === 1 || !known) break;
  }
  if (!change.disabled) return;

  // Who or what has disabled it first stays: that is since when it gets nothing.
  const isFirst = { ...scope, _id: id, disabled: true, disabledReason: null };
  await collection.updateOne(isFirst, { $set: { disabledReason: 'request', disabledAt: at } });
}
