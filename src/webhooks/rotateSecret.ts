import type { Keyring, Sealed } from '../security/keyring';
import type { FormerSecret, WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { EndpointScope } from '../storage/webhookEndpoints';
import { secretPlace } from './sealedPlaces';
import { newSecret } from './signature';
import type { WebhookServices } from './webhookServices';

interface Rotation {
  /** The team's own, one that `isSecret` takes; null makes one. The one it has changes nothing. */
  readonly key: string | null;
  /** For how long the one it has goes on to sign, milliseconds; 0 ends it now. */
  readonly keepMs: number;
}

/** Each signs every post. */
export const MOST_FORMER_SECRETS = 5;

/**
 * Gives an endpoint another secret; the former goes on to sign beside it for a while, so that no receiver has to change at the same instant.
 * One whose encryption key is lost signs nothing and is not kept: this is how its endpoint gets posts again.
 * @returns `not there`, or `too many` if so many former ones sign already
 */
export async function rotateSecret(
  { endpoints, keyring }: Pick<WebhookServices, 'endpoints' | 'keyring'>,
  scope: Required<EndpointScope>,
  endpointId: string,
  { key, keepMs }: Rotation,
): Promise<'rotated' | 'not there' | 'too many'> {
  for (;;) {
    const endpoint = await endpoints.get(scope, endpointId);
    if (!endpoint) return 'not there';
    if (key !== null && key === opened(keyring, endpointId, endpoint.secret)) return 'rotated';
    const now = Date.now();
    const formerSecrets = stillSigning(endpoint, now, keepMs).filter((former) => opened(keyring, endpointId, former.secret) !== null);
    if (formerSecrets.length > MOST_FORMER_SECRETS) return 'too many';

    const secret = keyring.seal(key ?? newSecret(), secretPlace(endpointId));
    // Somebody else may have rotated it meanwhile, or ended what former ones sign: theirs is what is kept then.
    if (await endpoints.replaceSecret(scope, endpoint, { secret, formerSecrets, updatedAt: now })) return 'rotated';
  }
}

function stillSigning({ secret, formerSecrets }: WebhookEndpointDoc, now: number, keepMs: number): readonly FormerSecret[] {
  const older = formerSecrets.filter(({ until }) => until > now);
  return keepMs === 0 ? older : [{ secret, until: now + keepMs }, ...older];
}

/** @returns null if there is no key for it any more */
function opened(keyring: Keyring, endpointId: string, secret: Sealed): string | null {
  try {
    return keyring.open(secret, secretPlace(endpointId));
  } catch {
    return null;
  }
}
