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

/** For a terminal: columns as wide as their widest cell. */
export function textTable(measurements: readonly Measurement[]): string {
  const rows = [HEADINGS, ...measurements.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdownTable(measurements: readonly Measurement[]): string {
  const rows = [HEADINGS, HEADINGS.map(() => '---'), ...measurements.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const said = ({ of, is, value }: Goal, { unit }: Quantity): string =>
  `${is === 'at most' ? '≤' : '≥'} ${number(value)}${of === 'ratio' ? ' × floor' : ` ${unit}`}`;

const quantity = ({ value, unit }: Quantity): string => `${number(value)} ${unit}`;

/** Three digits are more than a shared machine can promise. */
const number = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
