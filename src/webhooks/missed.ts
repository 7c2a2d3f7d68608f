import type { PastMessage } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { isOperational } from './operational';
import { wants } from './recordMessage';

/** Whether a past event is one that an endpoint should have. What was told of endpoints was news of its moment. */
export const shouldHave = (endpoint: WebhookEndpointDoc, { type, userId }: Pick<PastMessage, 'type' | 'userId'>): boolean =>
  !isOperational(type) && wants(endpoint, { type, userId });
