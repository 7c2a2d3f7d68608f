/** Which cell of a row holds what; null where the export lacks the column. */
export interface Columns {
  readonly timestamp: number;
  readonly eventType: number;
  readonly glucose: number;
  /** What one unit of the glucose column is in mg/dL. */
  readonly mgPerDlPerUnit: number;
  readonly rate: number | null;
  readonly transmitterTime: number | null;
  readonly transmitterId: number | null;
}

/** 1 mmol/L in mg/dL (dexcom-api.md §6.1). */
const MG_PER_DL_PER_MMOL_PER_L = 18.01559;

/** @returns where the columns are, or null if this row is not the header */
export function findColumns(row: readonly string[]): Columns | null {
  const names = row.map(plain);
  const find = (start: string): number | null => {
    const at = names.findIndex((name) => name.startsWith(start));
    return at === -1 ? null : at;
  };
  const [timestamp, eventType, glucose] = [find('timestamp'), find('event type'), find('glucose value')];
  if (timestamp === null || eventType === null || glucose === null) return null;
  return {
    timestamp,
    eventType,
    glucose,
    mgPerDlPerUnit: names[glucose]?.includes('mmol') ? MG_PER_DL_PER_MMOL_PER_L : 1,
    rate: find('glucose rate of change'),
    transmitterTime: find('transmitter time'),
    transmitterId: find('transmitter id'),
  };
}

/** Headers come with stray quotes, marks and spaces. */
const plain = (name: string): string =>
  name
    .replace(/["'\uFEFF]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
