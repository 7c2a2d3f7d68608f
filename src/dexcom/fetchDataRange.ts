import type { DataRange } from './answers';
import { signIn } from './callGate';
import type { DexcomCaller } from './countedCalls';
import { DexcomError } from './errors';
import { type DataCall, fetchData } from './fetchData';
import { instantIn } from './instant';
import { isObject } from './json';

/** dexcom-api.md §2.9. Always the whole range: `lastSyncTime` gives wrong ones (F19). */
export async function fetchDataRange(http: DexcomCaller, call: Pick<DataCall, 'accessToken' | 'signal'>): Promise<DataRange> {
  const { userId, body } = await fetchData(http, { name: 'dataRange', turn: signIn, query: {}, ...call });
  const { egvs } = body;
  if (egvs === undefined || egvs === null) return { userId, egvs: null };

  const [start, end] = isObject(egvs) ? [systemTimeOf(egvs.start), systemTimeOf(egvs.end)] : [null, null];
  if (start === null || end === null || start > end)
    throw new DexcomError('garbage', 'Dexcom answered dataRange with no range of readings', 200);
  return { userId, egvs: { start, end } };
}

function systemTimeOf(bound: unknown): number | null {
  const text = isObject(bound) ? bound.systemTime : undefined;
  const at = typeof text === 'string' ? instantIn(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
