import type { WebhookEndpointDoc } from '../../../storage/webhookEndpointDoc';
import { instant, instantOrNull } from '../../instant';
import type { Webhook } from './schemas';

/** An endpoint as its owner sees it (vital-api.md §6.1), and how it is doing. */
export const webhook = ({ _id, createdAt, updatedAt, ...endpoint }: WebhookEndpointDoc): Webhook => ({
  id: _id,
  description: endpoint.description,
  rate_limit: endpoint.rateLimit,
  url: endpoint.url,
  disabled: endpoint.disabled,
  filter_types: endpoint.filterTypes === null ? null : [...endpoint.filterTypes],
  user_ids: endpoint.userIds === null ? null : [...endpoint.userIds],
  payload: endpoint.payload,
  created_at: instant(createdAt),
  updated_at: instant(updatedAt),
  disabled_reason: endpoint.disabledReason,
  disabled_at: instantOrNull(endpoint.disabledAt),
  catching_up_since: instantOrNull(endpoint.catchUp?.since ?? null),
  failing_since: instantOrNull(endpoint.failingSince),
  state: endpoint.state,
});
