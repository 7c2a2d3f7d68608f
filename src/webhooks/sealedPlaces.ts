import type { SealedPlace } from '../security/keyring';
import { webhookEndpointIndexes } from '../storage/webhookEndpoints';

/** Where an endpoint's secret stands sealed; a former one stands there as it was. */
export const secretPlace = (endpointId: string): SealedPlace => placeOf(endpointId, 'secret');

/** Where its own headers do. */
export const headersPlace = (endpointId: string): SealedPlace => placeOf(endpointId, 'headers');

const placeOf = (id: string, field: string): SealedPlace => ({ collection: webhookEndpointIndexes.collection, id, field });
