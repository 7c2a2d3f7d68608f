import type { WebhookEndpointChange, WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { EndpointScope } from '../storage/webhookEndpoints';
import { withUnfinished } from './takeUpMissed';
import type { WebhookServices } from './webhookServices';

/**
 * Changes what its owner may change. Enabling has its backlog delivered first; so has another URL, which may answer where the old one did not.
 * @returns null if there is no such endpoint
 * @throws EgressRefused if events must not go to that URL, TemporalUnavailable if the change is made but its backlog not told: repeat it
 */
export async function changeEndpoint(
  { endpoints, egress, backlogs }: Pick<WebhookServices, 'endpoints' | 'egress' | 'backlogs'>,
  scope: Required<EndpointScope>,
  endpointId: string,
  change: WebhookEndpointChange,
): Promise<WebhookEndpointDoc | null> {
  if (change.url !== undefined) await egress.check(change.url);
  const known = change.catchUp ? await endpoints.get(scope, endpointId) : null;
  const catchUp = change.catchUp && { catchUp: withUnfinished(change.catchUp, known?.catchUp ?? null) };
  const changed = await endpoints.change(scope, endpointId, { ...change, ...catchUp }, Date.now());
  if (!changed || changed.disabled || changed.state === 'healthy') return changed;

  await backlogs.tryNow({ endpointId, teamId: scope.teamId });
  return changed;
}
