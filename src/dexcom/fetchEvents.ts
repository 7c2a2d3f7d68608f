import type { LoggedEvent } from '../records/loggedEvent';
import type { EgvWindow, EventAnswer, RejectedRecord } from './answers';
import type { DexcomCaller } from './countedCalls';
import { egvQueries } from './egvQuery';
import { DexcomError } from './errors';
import { readEvent } from './eventRecord';
import { fetchUpToNow, type WindowCall } from './fetchUpToNow';

/** dexcom-api.md §2.1, §2.5. A record that cannot be read is rejected by itself. */
export async function fetchEvents(http: DexcomCaller, window: EgvWindow, call: WindowCall): Promise<EventAnswer> {
  const events: LoggedEvent[] = [];
  const rejected: RejectedRecord[] = [];
  let userId: string | undefined;

  for (const query of egvQueries(window)) {
    const { body, ...envelope } = await fetchUpToNow(http, 'events', query, call);
    if (userId !== undefined && userId !== envelope.userId) throw new DexcomError('garbage', 'Dexcom answered events for two people', 200);
    userId = envelope.userId;
    if (!Array.isArray(body.records)) throw new DexcomError('garbage', 'Dexcom answered events without records', 200);
    const now = Date.now();
    for (const record of body.records) {
      const event = readEvent(record, now);
      if (typeof event === 'string') rejected.push({ raw: JSON.stringify(record), reason: event });
      else events.push(event);
    }
  }
  if (userId === undefined) throw new Error('a window without a query');
  return { userId, events, rejected };
}
