import type { EndpointScope } from '../storage/webhookEndpoints';
import type { WebhookServices } from './webhookServices';

/** Nothing more is sent there, what waited included. Its backlog workflow ends with its next look. @returns whether it was there */
export async function removeEndpoint(
  { endpoints, deliveries }: Pick<WebhookServices, 'endpoints' | 'deliveries'>,
  scope: Required<EndpointScope>,
  endpointId: string,
): Promise<boolean> {
  const removed = await endpoints.remove(scope, endpointId);
  // Also for one removed before: the last call may have died in between.
  await deliveries.dropPendingOf({ teamId: scope.teamId, endpointId });
  return removed;
}
