import type { Db } from 'mongodb';
import { loadWorkflowConfig } from '../config';
import { policyFor } from '../freshness/policy';
import { createLog } from '../log';
import { ApiKeys } from '../storage/apiKeys';
import { BulkOperations } from '../storage/bulkOperations';
import { Connections } from '../storage/connections';
import { Deliveries } from '../storage/deliveries';
import { FeedConsumers } from '../storage/feedConsumers';
import { FeedEntries } from '../storage/feedEntries';
import { Grants } from '../storage/grants';
import { IntegrationTeamIds } from '../storage/integrationTeamIds';
import { Messages } from '../storage/messages';
import { Replays } from '../storage/replays';
import { Teams } from '../storage/teams';
import { Users } from '../storage/users';
import { WebhookEndpoints } from '../storage/webhookEndpoints';
import type { RemovalStores } from '../teams/removeTeam';
import { openTemporal } from '../temporal/client';
import { createConnectionWorkflows } from '../temporal/connectionWorkflows';
import { createUserErasures } from '../temporal/userErasures';
import { createUserServices } from '../users/createUserServices';
import { erasurePolicy } from '../workflows/erasurePolicy';
import { credentialsIn } from './credentials';

/** Does what workflows hear of as well: whoever comes into a team while it goes is deleted with it. Temporal is asked for them only. */
export async function onWorkflows<T>(db: Db, act: (stores: RemovalStores) => Promise<T>): Promise<T> {
  const { temporal, cadenceMs } = loadWorkflowConfig(process.env);
  const { client, close } = openTemporal(temporal);
  const { queuePrefix } = temporal;
  try {
    const connect = {
      users: new Users(db),
      connections: new Connections(db),
      grants: new Grants(db),
      outbox: { messages: new Messages(db), endpoints: new WebhookEndpoints(db) },
      teams: new Teams(db),
      workflows: createConnectionWorkflows(client, { queuePrefix, policy: policyFor(cadenceMs) }),
      log: createLog({ level: 'warn', name: 'admin' }),
    };
    return await act({
      ...createUserServices(db, connect, createUserErasures(client, { queuePrefix, policy: erasurePolicy })),
      apiKeys: new ApiKeys(db),
      integrationTeamIds: new IntegrationTeamIds(db),
      dexcomCredentials: credentialsIn(db),
      bulkOperations: new BulkOperations(db),
      feed: { entries: new FeedEntries(db), consumers: new FeedConsumers(db) },
      webhooks: { endpoints: new WebhookEndpoints(db), deliveries: new Deliveries(db), replays: new Replays(db) },
    });
  } finally {
    await close();
  }
}
