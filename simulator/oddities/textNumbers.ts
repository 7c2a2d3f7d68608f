import { type LooseRecord, lot, type Oddity } from './oddity';

const NUMBERS = ['value', 'trendRate', 'transmitterTicks'];

/** Numbers of a reading come as texts (dexcom-api.md §9.24): in two records of seven. */
export const textNumbers: Oddity = (records) =>
  records.map((record) => ('trendRate' in record && lot(record, 7, 'text') < 2 ? texted(record) : record));

function texted(record: LooseRecord): LooseRecord {
  const texts = NUMBERS.flatMap((name) => (typeof record[name] === 'number' ? [[name, String(record[name])] as const] : []));
  return { ...record, ...Object.fromEntries(texts) };
}
