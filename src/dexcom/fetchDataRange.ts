import type { DataRange } from './answers';
import type { DexcomCaller } from './countedCalls';
import { type DataCall, fetchData } from './fetchData';
import { instantIn } from './instant';
import { isObject } from './json';

/** No app has been shown anything older: from then on everything is asked for where Dexcom does not say sensibly where it begins (U15). */
const BEGINNING = Date.parse('2015-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

/**
 * dexcom-api.md §2.9. Always the whole range: `lastSyncTime` gives wrong ones (F19). A range that is none keeps nobody from connecting: whose
 * account it is is said beside it, and its history is looked for as far back as there can be one.
 */
export async function fetchDataRange(http: DexcomCaller, call: Pick<DataCall, 'accessToken' | 'signal' | 'turn'>): Promise<DataRange> {
  const { userId, body } = await fetchData(http, { name: 'dataRange', query: {}, ...call });
  const { egvs } = body;
  if (egvs === undefined || egvs === null) return { userId, egvs: null };

  const now = Date.now();
  const [start, end] = isObject(egvs) ? [sensible(egvs.start, now), sensible(egvs.end, now)] : [null, null];
  if (start === null || (end !== null && end < start)) return { userId, egvs: { start: BEGINNING, end: now } };
  return { userId, egvs: { start, end: end ?? now } };
}

/** Null for what cannot be read, is days ahead, or lies before all sensors. */
function sensible(bound: unknown, now: number): number | null {
  const text = isObject(bound) ? bound.systemTime : undefined;
  const at = typeof text === 'string' ? instantIn(text) : Number.NaN;
  return at >= BEGINNING && at <= now + DAY_MS ? at : null;
}
