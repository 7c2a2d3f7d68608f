import type { DexcomCaller } from './countedCalls';
import type { EgvQuery } from './egvQuery';
import { type DataCall, type Envelope, fetchData } from './fetchData';
import { takenEnd } from './takenEnd';

export type WindowCall = Pick<DataCall, 'accessToken' | 'signal' | 'turn'>;

/** One window's records, as far as the server takes to be the past: its clock may be behind ours. */
export async function fetchUpToNow(http: DexcomCaller, name: DataCall['name'], query: EgvQuery, call: WindowCall): Promise<Envelope> {
  const fetching = ({ startDate, endDate }: EgvQuery) => fetchData(http, { name, query: { startDate, endDate }, ...call });
  try {
    return await fetching(query);
  } catch (error) {
    const endDate = takenEnd(error, query);
    if (endDate === null) throw error;
    return fetching({ ...query, endDate });
  }
}
