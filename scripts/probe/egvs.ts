import { type Dexcom, isObject } from './dexcom';

const SECOND_MS = 1_000;
export const HOUR_MS = 3_600_000;

/** systemTime of each record, in the order of the answer, Unix milliseconds. @throws Error unless it is answered with records */
export async function egvTimes(dexcom: Dexcom, from: number, to: number): Promise<readonly number[]> {
  const { status, json } = await dexcom.get('egvs', { startDate: bare(from), endDate: bare(to) });
  const records: unknown = json?.['records'];
  if (!Array.isArray(records)) throw new Error(`Dexcom answered egvs with ${status} and no records`);
  return records.flatMap((record) => (isObject(record) ? (instantIn(record['systemTime']) ?? []) : []));
}

/** The newest reading that is served; null if there is none. @throws Error unless dataRange is answered */
export async function newestEgv(dexcom: Dexcom): Promise<number | null> {
  const { status, json } = await dexcom.get('dataRange');
  if (status !== 200) throw new Error(`Dexcom answered dataRange with ${status}`);
  return instantIn(objectAt(json, 'egvs', 'end')?.['systemTime']);
}

/** As the query takes it: UTC, whole seconds, no offset. */
export const bare = (at: number): string => new Date(at).toISOString().slice(0, 19);

/** Without an offset it is UTC. */
export function instantIn(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const at = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? null : at;
}

export const objectAt = (
  json: Readonly<Record<string, unknown>> | null,
  ...path: readonly string[]
): Readonly<Record<string, unknown>> | null =>
  path.reduce<Readonly<Record<string, unknown>> | null>((at, name) => {
    const inner = at?.[name];
    return isObject(inner) ? inner : null;
  }, json);

export const isWholeSecond = (at: number): boolean => at % SECOND_MS === 0;
