import type { LooseRecord, Oddity } from './oddity';

/** Four records nobody can use, one of them of the far future, among the good ones of every answer that has any (dexcom-api.md §8.33; F17). They are no readings: the ledger does not know them. */
export const invalidRecords: Oddity = (records) => {
  const [first] = records;
  if (!first) return records;
  const broken: LooseRecord[] = [
    { ...first, recordId: 'broken-time', systemTime: 'yesterday' },
    { ...first, recordId: 'broken-value', value: 'a lot' },
    { recordId: 'broken-all' },
    { ...first, recordId: 'broken-future', systemTime: '2999-12-31T23:59:59Z' },
  ];
  return [...records.slice(0, 1), ...broken, ...records.slice(1)];
};
