import type { Finding, SourceFile } from '../tree';

const PAGE = 'docs/dexcom-survivals.md';
const SURVIVALS = 40;
const ROW = /^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/;
const NONE = '–';

interface Row {
  readonly where: string;
  readonly number: number;
  readonly file: string;
  readonly title: string;
}

/**
 * docs/dexcom-survivals.md has a row for each survival, in order; the test that a row names is there, by file and title; and what the page says
 * of how many have one is what its rows say.
 */
export function survivals(tree: readonly SourceFile[]): readonly Finding[] {
  const page = tree.find(({ path }) => path === PAGE);
  if (!page) return [{ where: PAGE, what: 'is not there' }];
  const rows = rowsOf(page);
  return [...gaps(rows), ...rows.flatMap((row) => deadTest(row, tree)), ...miscount(page, rows)];
}

const rowsOf = ({ path, text }: SourceFile): readonly Row[] =>
  text.split('\n').flatMap((line, n) => {
    const [, number, file = '', title = ''] = ROW.exec(line) ?? [];
    return number === undefined ? [] : [{ where: `${path}:${n + 1}`, number: Number(number), file: file.replaceAll('`', ''), title }];
  });

const gaps = (rows: readonly Row[]): readonly Finding[] =>
  Array.from({ length: Math.max(SURVIVALS, rows.length) }, (_, n) => n)
    .filter((n) => rows[n]?.number !== n + 1)
    .slice(0, 1)
    .map((n) => ({ where: rows[n]?.where ?? PAGE, what: `has no row for survival ${n + 1} where it should stand` }));

function deadTest({ where, number, file, title }: Row, tree: readonly SourceFile[]): readonly Finding[] {
  if (file === NONE) return [];
  const test = tree.find(({ path }) => path === file);
  if (!test) return [{ where, what: `names ${file} for survival ${number}, which is not there` }];
  const titled = [`'${title}'`, `"${title}"`, `\`${title}\``].some((quoted) => test.text.includes(quoted));
  return titled ? [] : [{ where, what: `names a test of ${file} that it does not have: ${title}` }];
}

function miscount({ path, text }: SourceFile, rows: readonly Row[]): readonly Finding[] {
  const tested = rows.filter(({ file }) => file !== NONE).length;
  const sentence = `${tested} of ${SURVIVALS} have a test`;
  return text.includes(sentence) ? [] : [{ where: path, what: `should say "${sentence}"` }];
}
