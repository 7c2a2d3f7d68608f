import type { Keyring } from '../security/keyring';
import type { Attempts } from '../storage/attempts';
import type { Deliveries } from '../storage/deliveries';
import type { DeliveryFigures } from '../storage/deliveryFigures';
import type { Messages } from '../storage/messages';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { Backlogs } from '../temporal/backlogs';
import type { Egress } from './egress/egress';

/** What keeping endpoints needs. */
export interface WebhookServices {
  readonly endpoints: WebhookEndpoints;
  readonly messages: Messages;
  readonly deliveries: Deliveries;
  readonly figures: DeliveryFigures;
  readonly attempts: Attempts;
  readonly keyring: Keyring;
  readonly egress: Egress;
  readonly backlogs: Backlogs;
}
