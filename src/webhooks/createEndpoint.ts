import { randomUUID } from 'node:crypto';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { secretPlace } from './sealedPlaces';
import { newSecret } from './signature';
import type { WebhookServices } from './webhookServices';

export interface EndpointWish
  extends Pick<
    WebhookEndpointDoc,
    'teamId' | 'environment' | 'url' | 'description' | 'filterTypes' | 'userIds' | 'payload' | 'rateLimit' | 'disabled'
  > {
  /** The team's own, one that `isSecret` takes; null makes one. */
  readonly secret: string | null;
}

/** @throws EgressRefused if events must not go to that URL */
export async function createEndpoint(
  { endpoints, keyring, egress }: Pick<WebhookServices, 'endpoints' | 'keyring' | 'egress'>,
  { secret, ...wish }: EndpointWish,
): Promise<WebhookEndpointDoc> {
  await egress.check(wish.url);

  const _id = randomUUID();
  const now = Date.now();
  const endpoint: WebhookEndpointDoc = {
    _id,
    ...wish,
    secret: keyring.seal(secret ?? newSecret(), secretPlace(_id)),
    formerSecrets: [],
    headers: null,
    nextPostAt: 0,
    disabledReason: wish.disabled ? 'request' : null,
    disabledAt: wish.disabled ? now : null,
    catchUp: null,
    state: 'healthy',
    slowSince: null,
    notBefore: null,
    failingSince: null,
    warnedPercent: 0,
    createdAt: now,
    updatedAt: now,
  };
  await endpoints.insert(endpoint);
  return endpoint;
}
