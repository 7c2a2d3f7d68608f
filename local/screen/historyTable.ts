import type { PersonsHistory } from '../demo/followHistories';

/** Who reads more lines looks into the database. */
const MOST_LINES = 30;

/** Histories of many people, a line each, and what they come to. */
export function historyTable(all: readonly PersonsHistory[]): string {
  const rows = all.map(({ name, pull }) => [
    name,
    pull?.range_start?.slice(0, 10) ?? '–',
    count(pull?.windows_done),
    count(pull?.readings),
  ]);
  const total = all.reduce((sum, { pull }) => sum + (pull?.readings ?? 0), 0);
  const shown = rows.slice(0, MOST_LINES);
  if (rows.length > MOST_LINES) shown.push([`… and ${rows.length - MOST_LINES} more`, '', '', '']);
  return inColumns([['person', 'history from', 'windows', 'readings'], ...shown, [`${all.length} people`, '', '', count(total)]]);
}

/** The first two to the left, numbers to the right. */
function inColumns(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string =>
    column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n');
}

const count = (number: number | undefined): string => (number === undefined ? '–' : number.toLocaleString('en'));
