import type { Keyring } from '../security/keyring';
import type { Attempts } from '../storage/attempts';
import type { DeliveryFigures } from '../storage/deliveryFigures';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { Backlogs } from '../temporal/backlogs';
import type { Egress } from './egress/egress';
import type { ReplayServices } from './replay/replayServices';

/** What keeping endpoints needs. */
export interface WebhookServices extends ReplayServices {
  readonly endpoints: WebhookEndpoints;
  readonly figures: DeliveryFigures;
  readonly attempts: Attempts;
  readonly keyring: Keyring;
  readonly egress: Egress;
  readonly backlogs: Backlogs;
}
