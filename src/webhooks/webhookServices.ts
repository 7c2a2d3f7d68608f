import type { Keyring } from '../security/keyring';
import type { Attempts } from '../storage/attempts';
import type { Deliveries } from '../storage/deliveries';
import type { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { Backlogs } from '../temporal/backlogs';
import type { Egress } from './egress/egress';

/** What keeping endpoints needs. */
export interface WebhookServices {
  readonly endpoints: WebhookEndpoints;
  readonly deliveries: Deliveries;
  readonly attempts: Attempts;
  readonly keyring: Keyring;
  readonly egress: Egress;
  readonly backlogs: Backlogs;
}
