import { lot, type Oddity } from './oddity';

/** One record of ten comes twice in the same answer (dexcom-api.md §8.33). */
export const duplicates: Oddity = (records) =>
  records.flatMap((record) => (lot(record, 10, 'duplicates') === 0 ? [record, record] : [record]));
