import { randomUUID } from 'node:crypto';
import { createWebhookActivities } from '../../src/activities/webhooks';
import { createLog } from '../../src/log';
import { createKeyring } from '../../src/security/keyring';
import { Attempts } from '../../src/storage/attempts';
import { openDatabase } from '../../src/storage/database';
import { Deliveries } from '../../src/storage/deliveries';
import { Messages } from '../../src/storage/messages';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { createBacklogs } from '../../src/temporal/backlogs';
import { openTemporal } from '../../src/temporal/client';
import { createEgress } from '../../src/webhooks/egress/egress';
import { createInFlight, POSTS_IN_FLIGHT } from '../../src/webhooks/inFlight';
import { createSender } from '../../src/webhooks/sender';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';

/** What a test says to this process, which it means to kill. */
export interface DeliverOnce {
  readonly mongodbUri: string;
  readonly database: string;
  readonly temporalAddress: string;
  /** Base64. */
  readonly key: string;
  readonly allowedHost: string;
  readonly connectionId: string;
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
    alarms: { raise: () => undefined },
    sender: createSender({ keyring, egress, publicUrl: 'https://api.example' }),
    inFlight: createInFlight(POSTS_IN_FLIGHT),
    backlogs: createBacklogs(temporal.client, { queuePrefix: `test-${randomUUID()}-`, policy: backlogPolicy }),
  };
  const { deliver } = createWebhookActivities(post, createLog({ level: 'error', name: 'test' }));
  await deliver({ connectionId: order.connectionId });
  await egress.close();
  await temporal.close();
  await close();
}

if (require.main === module) void deliverOnce(JSON.parse(process.argv[2] ?? '{}'));
