import { type LooseRecord, lot, type Oddity } from './oddity';

const OPTIONAL = ['status', 'trend', 'trendRate', 'displayApp', 'transmitterGenerationVariant'];

/** Optional fields are null, or not there, or empty (dexcom-api.md §8.21; F9, F15): in one record of seven. */
export const sparse: Oddity = (records) => records.map((record) => (lot(record, 7, 'sparse') === 0 ? thinned(record) : record));

function thinned(record: LooseRecord): LooseRecord {
  const field = OPTIONAL[lot(record, OPTIONAL.length, 'field')] ?? 'trend';
  const { [field]: _, ...without } = record;
  switch (lot(record, 3, 'how')) {
    case 0:
      return without;
    case 1:
      return { ...record, [field]: null };
    default:
      return { ...record, transmitterId: '' };
  }
}
