import type { SealedPlace } from '../security/keyring';
import { webhookEndpointIndexes } from '../storage/webhookEndpoints';

/** Where an endpoint's secret stands sealed. */
export const secretPlace = (endpointId: string): SealedPlace => ({
  collection: webhookEndpointIndexes.collection,
  id: endpointId,
  field: 'secret',
});
