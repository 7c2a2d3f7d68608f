import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import type { Drain } from '../../src/webhooks/drainBacklog';
import { quickPolicy } from './postOffice';

/** A drain that nobody stops, at no pace to speak of. */
export const drainOf = ({ _id: endpointId, teamId }: WebhookEndpointDoc, given: Partial<Drain> = {}): Drain => ({
  ...{ teamId, endpointId, policy: quickPolicy, postsPerSecond: 10_000, anywhere: false },
  ...{ signal: new AbortController().signal, progress: () => undefined },
  ...given,
});
