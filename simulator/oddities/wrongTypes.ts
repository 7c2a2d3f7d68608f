import { type LooseRecord, lot, type Oddity } from './oddity';

/** Event values that are numbers, as in the official sample, or −1, or not there, nor their unit (dexcom-api.md §2.5, F12): in three of seven. */
export const wrongTypes: Oddity = (records) => records.map((record) => ('eventType' in record ? mistyped(record) : record));

function mistyped(record: LooseRecord): LooseRecord {
  const { value, unit, ...without } = record;
  switch (lot(record, 7, 'type')) {
    case 0:
      return { ...record, value: Number(value) };
    case 1:
      return { ...record, value: '-1.00' };
    case 2:
      return without;
    default:
      return record;
  }
}
