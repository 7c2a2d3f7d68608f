import { randomUUID } from 'node:crypto';
import { newConnection } from '../../src/connect/newConnection';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';

/** A connection as its first consent makes it. */
export const sampleConnection = (change: Partial<ConnectionDoc> = {}): ConnectionDoc => ({
  ...newConnection({
    _id: randomUUID(),
    teamId: randomUUID(),
    userId: randomUUID(),
    clientUserId: 'somebody',
    dexcomUserId: 'd'.repeat(64),
    consentedAt: Date.now(),
    offeredFrom: null,
  }),
  ...change,
});
