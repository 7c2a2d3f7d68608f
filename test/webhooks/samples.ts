import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyring } from '../../src/security/keyring';
import type { MessageDoc } from '../../src/storage/messages';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { secretPlace } from '../../src/webhooks/sealedPlaces';
import { newSecret } from '../../src/webhooks/signature';

export const key = randomBytes(32);
export const keyring = createKeyring([{ kid: 'k1', key }]);
export const SECRET = newSecret();
/** Where thin events say the whole ones are. */
export const PUBLIC_URL = 'https://api.example';

export function anEndpoint(given: Partial<WebhookEndpointDoc>): WebhookEndpointDoc {
  const _id = given._id ?? randomUUID();
  return {
    _id,
    teamId: randomUUID(),
    environment: 'production',
    url: 'https://hooks.example.com/in',
    description: '',
    filterTypes: null,
    userIds: null,
    payload: 'full',
    rateLimit: null,
    nextPostAt: 0,
    disabled: false,
    disabledReason: null,
    disabledAt: null,
    catchUp: null,
    formerSecrets: [],
    headers: null,
    secret: keyring.seal(SECRET, secretPlace(_id)),
    state: 'healthy',
    slowSince: null,
    notBefore: null,
    failingSince: null,
    warnedPercent: 0,
    createdAt: Date.now(),
    updatedAt: Date.now(),
    ...given,
  };
}

export function aMessage(given: Partial<MessageDoc> = {}): MessageDoc {
  const id = randomUUID();
  return {
    _id: `msg_${id}`,
    teamId: randomUUID(),
    userId: randomUUID(),
    connectionId: randomUUID(),
    sequence: null,
    type: 'daily.data.glucose.created',
    createdAt: Date.now(),
    body: JSON.stringify({ event_type: 'daily.data.glucose.created', id }),
    targets: [],
    dispatched: false,
    position: 0,
    agesFrom: given.createdAt ?? Date.now(),
    ...given,
  };
}
