import { readFileSync } from 'node:fs';

/** The rows of the first table whose header begins with `firstColumn`, cell by cell; of the section `heading`, if one is named. */
export function tableRows(path: string, firstColumn: string, heading?: string): readonly (readonly string[])[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const section = heading === undefined ? 0 : lines.indexOf(`## ${heading}`);
  if (section < 0) throw new Error(`${path} has no section "${heading}"`);
  const header = lines.findIndex((line, index) => index >= section && cells(line)[0] === firstColumn);
  if (header < 0) throw new Error(`${path} has no table whose first column is "${firstColumn}"`);
  const end = lines.findIndex((line, index) => index > header && !line.startsWith('|'));
  return lines.slice(header + 2, end < 0 ? undefined : end).map(cells);
}

/** What stands between backticks. */
export const codes = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(({ 1: code = '' }) => code);

const cells = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
