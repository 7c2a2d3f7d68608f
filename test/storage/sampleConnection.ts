import { randomUUID } from 'node:crypto';
import { newConnection } from '../../src/connect/newConnection';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';

/** Tests that count what a pull does have nothing read beside it. */
const eventsNotDue = { floor: 0, coveredUntil: 0, nextAt: Date.parse('9999-01-01'), any: false, failures: 0, error: null };

/** A connection as its first consent makes it, but that no events are due. */
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
  records: eventsNotDue,
  ...change,
});
