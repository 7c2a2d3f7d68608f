import { latestOfEach } from '../glucose/latestOfEach';
import type { StoredReading } from '../glucose/reading';
import type { EgvAnswer, EgvWindow, RejectedRecord } from './answers';
import type { DexcomCaller } from './countedCalls';
import { DeviceNames } from './deviceNames';
import { type EgvQuery, egvQueries, isAskedFor } from './egvQuery';
import { readEgv } from './egvRecord';
import { DexcomError } from './errors';
import { type DataCall, type Envelope, fetchData } from './fetchData';
import { takenEnd } from './takenEnd';

/** dexcom-api.md §2.1, §2.4. A record that cannot be read is rejected by itself (F17). */
export async function fetchEgvs(
  http: DexcomCaller,
  window: EgvWindow,
  call: Pick<DataCall, 'accessToken' | 'signal' | 'turn'>,
): Promise<EgvAnswer> {
  const readings: StoredReading[] = [];
  const rejected: RejectedRecord[] = [];
  let userId: string | undefined;

  for (const query of egvQueries(window)) {
    const envelope = await ask(http, query, call);
    if (userId !== undefined && userId !== envelope.userId) throw new DexcomError('garbage', 'Dexcom answered egvs for two people', 200);
    userId = envelope.userId;
    readRecords(envelope, window, readings, rejected);
  }
  if (userId === undefined) throw new Error('a window without a query');
  return { userId, readings: latestOfEach(readings), rejected };
}

/** As far as the server takes to be the past: its clock may be behind ours. */
async function ask(http: DexcomCaller, query: EgvQuery, call: Pick<DataCall, 'accessToken' | 'signal' | 'turn'>): Promise<Envelope> {
  const fetching = ({ startDate, endDate }: EgvQuery) => fetchData(http, { name: 'egvs', query: { startDate, endDate }, ...call });
  try {
    return await fetching(query);
  } catch (error) {
    const endDate = takenEnd(error, query);
    if (endDate === null) throw error;
    return fetching({ ...query, endDate });
  }
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
