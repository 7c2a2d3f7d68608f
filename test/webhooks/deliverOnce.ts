import { randomUUID } from 'node:crypto';
import { createReplayActivities } from '../../src/activities/replays';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { createLog } from '../../src/log';
import { createKeyring } from '../../src/security/keyring';
import { Attempts } from '../../src/storage/attempts';
import { openDatabase } from '../../src/storage/database';
import { Deliveries } from '../../src/storage/deliveries';
import { Messages } from '../../src/storage/messages';
import { ReplayedDeliveries } from '../../src/storage/replayedDeliveries';
import { Replays } from '../../src/storage/replays';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { createBacklogs } from '../../src/temporal/backlogs';
import { openTemporal } from '../../src/temporal/client';
import { createEgress } from '../../src/webhooks/egress/egress';
import { createInFlight, POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import { createSender } from '../../src/webhooks/sender';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import type { ReplayPolicy } from '../../src/workflows/replayPolicy';

/** What a test says to this process, which it means to kill. */
export interface DeliverOnce {
  readonly mongodbUri: string;
  readonly database: string;
  readonly temporalAddress: string;
  /** Base64. */
  readonly key: string;
  readonly allowedHost: string;
  readonly task:
    | { readonly connectionId: string }
    | { readonly teamId: string; readonly operationId: string; readonly policy: ReplayPolicy };
}

async function deliverOnce(order: DeliverOnce): Promise<void> {
  const { db, close } = await openDatabase({ uri: order.mongodbUri, name: order.database });
  const temporal = openTemporal({ address: order.temporalAddress, namespace: 'default' });
  const egress = createEgress([order.allowedHost]);
  const keyring = createKeyring([{ kid: 'k1', key: new Uint8Array(Buffer.from(order.key, 'base64')) }]);
  const post = {
    messages: new Messages(db),
    endpoints: new WebhookEndpoints(db),
    deliveries: new Deliveries(db),
    attempts: new Attempts(db),
    replayed: new ReplayedDeliveries(db),
    replays: new Replays(db),
    alarms: { raise: () => undefined },
    sender: createSender({ keyring, egress, publicUrl: 'https://api.example' }),
    inFlight: createInFlight(POSTS_IN_FLIGHT),
    backlogs: createBacklogs(temporal.client, { queuePrefix: `test-${randomUUID()}-`, policy: backlogPolicy }),
  };
  const log = createLog({ level: 'error', name: 'test' });
  if ('operationId' in order.task) await createReplayActivities(post, log).replayPart(order.task);
  else await createWebhookActivities(post, log).deliver(order.task);
  await egress.close();
  await temporal.close();
  await close();
}

if (require.main === module) void deliverOnce(JSON.parse(process.argv[2] ?? '{}'));
