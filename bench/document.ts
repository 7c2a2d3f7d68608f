import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENT = join(__dirname, '../docs/performance.md');
const BEGIN = '<!-- begin of what npm run bench -- --write has written -->';
const END = '<!-- end of what npm run bench -- --write has written -->';

/** Puts `report` between the marks of docs/performance.md; what people wrote around them stays. @throws Error if a mark is missing */
export function writeReport(report: string): void {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md lacks the lines ${BEGIN} and ${END}`);
  writeFileSync(DOCUMENT, `${text.slice(0, begin + BEGIN.length)}\n${report}\n${text.slice(end)}`);
}
