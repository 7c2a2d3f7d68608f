import type { Db } from 'mongodb';
import { accountClaimIndexes } from './accountClaims';
import { apiKeyIndexes } from './apiKeys';
import { appAlarmIndexes } from './appAlarms';
import { attemptIndexes } from './attempts';
import { bulkOperationIndexes } from './bulkOperations';
import { callSlotIndexes } from './callSlots';
import type { CollectionIndexes } from './collectionIndexes';
import { connectionIndexes } from './connections';
import { deliveryIndexes } from './deliveries';
import { deviceIndexes } from './devices';
import { dexcomCredentialsIndexes } from './dexcomCredentials';
import { feedConsumerIndexes } from './feedConsumers';
import { feedEntryIndexes } from './feedEntries';
import { glucoseDayIndexes } from './glucoseDays';
import { grantIndexes } from './grants';
import { integrationTeamIdIndexes } from './integrationTeamIds';
import { linkSessionIndexes } from './linkSessions';
import { messageIndexes } from './messages';
import { quarantineIndexes } from './quarantine';
import { recordIndexes } from './records';
import { replayIndexes } from './replays';
import { teamIndexes } from './teams';
import { userClaimIndexes } from './userClaims';
import { userIndexes } from './users';
import { webhookEndpointIndexes } from './webhookEndpoints';

const all: readonly CollectionIndexes[] = [
  connectionIndexes,
  grantIndexes,
  accountClaimIndexes,
  glucoseDayIndexes,
  deviceIndexes,
  quarantineIndexes,
  recordIndexes,
  messageIndexes,
  deliveryIndexes,
  replayIndexes,
  attemptIndexes,
  feedEntryIndexes,
  feedConsumerIndexes,
  webhookEndpointIndexes,
  teamIndexes,
  integrationTeamIdIndexes,
  apiKeyIndexes,
  userIndexes,
  userClaimIndexes,
  linkSessionIndexes,
  dexcomCredentialsIndexes,
  bulkOperationIndexes,
  appAlarmIndexes,
  callSlotIndexes,
];

/** Creates what is missing; run by both processes at their start, any number of them at once. */
export async function ensureIndexes(db: Db): Promise<void> {
  for (const { collection, indexes } of all) await db.collection(collection).createIndexes([...indexes]);
}
