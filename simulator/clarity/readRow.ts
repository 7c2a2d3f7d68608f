import { hash } from 'node:crypto';
import type { Columns } from './columns';
import { isPlausible, localInstant } from './localTime';
import type { RecordedReading } from './recording';

interface Context {
  readonly recordingId: string;
  readonly zone: string;
  /** Tells the two passes of a repeated hour apart. */
  readonly previousAt: number | null;
}

/** @returns the reading, null for a row of another kind, or why it cannot be read; `transmitterTicks` is −1 where the file has none */
export function readRow(
  row: readonly string[],
  columns: Columns,
  { recordingId, zone, previousAt }: Context,
): RecordedReading | string | null {
  const cell = (at: number | null): string => (at === null ? '' : (row[at] ?? '').replace(/^["']|["']$/g, '').trim());
  if (cell(columns.eventType).toUpperCase() !== 'EGV') return null;

  const timestamp = cell(columns.timestamp);
  const recordedAt = localInstant(timestamp, zone, previousAt);
  if (recordedAt === null || !isPlausible(recordedAt)) return `timestamp ${JSON.stringify(timestamp)} is not YYYY-MM-DDThh:mm:ss`;
  const glucose = cell(columns.glucose);
  const mgPerDl = readGlucose(glucose, columns.mgPerDlPerUnit);
  if (mgPerDl === null) return `glucose value ${JSON.stringify(glucose)} is neither a number from 39 to 401 mg/dL nor Low or High`;
  const rate = cell(columns.rate);
  const trendRate = rate === '' ? null : number(rate);
  if (trendRate !== null && Number.isNaN(trendRate)) return `rate of change ${JSON.stringify(rate)} is not a number`;

  return {
    recordedAt,
    mgPerDl,
    trendRate: trendRate === null ? null : trendRate * columns.mgPerDlPerUnit,
    transmitterId: hash('sha256', `clarity ${cell(columns.transmitterId) || recordingId}`, 'hex'),
    transmitterTicks: readTicks(cell(columns.transmitterTime)),
  };
}

/** `Low` and `High` are below 40 and above 400 (dexcom-api.md §6.2). */
function readGlucose(text: string, mgPerDlPerUnit: number): number | null {
  if (/^low$/i.test(text)) return 39;
  if (/^high$/i.test(text)) return 401;
  const mgPerDl = text === '' ? Number.NaN : Math.round(number(text) * mgPerDlPerUnit);
  return mgPerDl >= 39 && mgPerDl <= 401 ? mgPerDl : null;
}

const readTicks = (text: string): number => (/^\d+$/.test(text) ? Number(text) : -1);

/** Some locales write a comma. */
const number = (text: string): number => Number(text.replace(',', '.'));
