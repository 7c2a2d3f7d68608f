import { type Goal, type Measurement, type Quantity, ratioOf, verdictOf } from './figure';

export const HEADINGS = ['figure', 'goal', 'measured', 'floor', 'ratio', 'verdict'] as const;

/** The cells of one line, under `HEADINGS`. */
export function cells(measurement: Measurement): readonly string[] {
  const { figure, goal, measured, floor } = measurement;
  const ratio = ratioOf(measurement);
  return [
    figure,
    goal ? said(goal, measured) : '–',
    quantity(measured),
    floor ? quantity(floor) : '–',
    ratio === null ? '–' : number(ratio),
    verdictOf(measurement),
  ];
}

export const rowsOf = (measurements: readonly Measurement[]): readonly (readonly string[])[] => [HEADINGS, ...measurements.map(cells)];

/** For a terminal: columns as wide as their widest cell. @param rows headings first */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param rows headings first */
export function markdownTable([headings = [], ...rows]: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const said = ({ of, is, value }: Goal, { unit }: Quantity): string =>
  `${is === 'at most' ? '≤' : '≥'} ${number(value)}${of === 'ratio' ? ' × floor' : ` ${unit}`}`;

const quantity = ({ value, unit }: Quantity): string => `${number(value)} ${unit}`;

/** Three digits are more than a shared machine can promise. */
const number = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
