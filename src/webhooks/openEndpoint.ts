import type { Keyring } from '../security/keyring';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import { type CustomHeaders, openHeaders } from './customHeaders';
import { secretPlace } from './sealedPlaces';

/** What of an endpoint is kept sealed, as a post needs it. */
interface OpenedEndpoint {
  /** Those that sign, newest first. */
  readonly secrets: readonly string[];
  readonly headers: CustomHeaders;
}

/** A key is missing, or what was sealed has been changed. The keyring's message names the key and no secret. */
export class EndpointSealed extends Error {
  override readonly name = 'EndpointSealed';
}

/** @param at when it is posted, Unix milliseconds: former secrets sign until their time is over. @throws EndpointSealed */
export function openEndpoint(keyring: Keyring, endpoint: WebhookEndpointDoc, at: number): OpenedEndpoint {
  const signing = [endpoint.secret, ...endpoint.formerSecrets.filter(({ until }) => until > at).map(({ secret }) => secret)];
  try {
    return {
      secrets: signing.map((secret) => keyring.open(secret, secretPlace(endpoint._id))),
      headers: openHeaders(keyring, endpoint),
    };
  } catch (error) {
    throw new EndpointSealed(`its secret cannot be opened: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
}
