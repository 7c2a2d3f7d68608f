import { latestOfEach } from '../glucose/latestOfEach';
import type { StoredReading } from '../glucose/reading';
import type { EgvAnswer, EgvWindow, RejectedRecord } from './answers';
import type { DexcomCaller } from './countedCalls';
import { DeviceNames } from './deviceNames';
import { egvQueries, isAskedFor } from './egvQuery';
import { readEgv } from './egvRecord';
import { DexcomError } from './errors';
import type { Envelope } from './fetchData';
import { fetchUpToNow, type WindowCall } from './fetchUpToNow';

/** dexcom-api.md §2.1, §2.4. A record that cannot be read is rejected by itself (F17). */
export async function fetchEgvs(http: DexcomCaller, window: EgvWindow, call: WindowCall): Promise<EgvAnswer> {
  const readings: StoredReading[] = [];
  const rejected: RejectedRecord[] = [];
  let userId: string | undefined;

  for (const query of egvQueries(window)) {
    const envelope = await fetchUpToNow(http, 'egvs', query, call);
    if (userId !== undefined && userId !== envelope.userId) throw new DexcomError('garbage', 'Dexcom answered egvs for two people', 200);
    userId = envelope.userId;
    readRecords(envelope, window, readings, rejected);
  }
  if (userId === undefined) throw new Error('a window without a query');
  return { userId, readings: latestOfEach(readings), rejected };
}

/** One answer's records, each harmonised by itself. @throws DexcomError `garbage` if there is no list of them */
export function readRecords(
  { body: { records } }: Pick<Envelope, 'body'>,
  window: EgvWindow,
  readings: { push(reading: StoredReading): unknown },
  rejected: { push(record: RejectedRecord): unknown },
): void {
  if (!Array.isArray(records)) throw new DexcomError('garbage', 'Dexcom answered egvs without records', 200);
  const devices = new DeviceNames();
  const now = Date.now();
  // Taken off the list: what has been read need not live on while the rest is.
  for (let record: unknown = records.pop(); record !== undefined; record = records.pop()) {
    const reading = readEgv(record, devices, now);
    if (typeof reading === 'string') rejected.push({ raw: JSON.stringify(record), reason: reading });
    else if (isAskedFor(reading, window)) readings.push(reading);
  }
}
