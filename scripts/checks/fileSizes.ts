import type { Finding, SourceFile } from '../tree';

/** One operation, one file: what does not fit here is two things. */
const MOST_LINES = 400;

/** No code file is longer than the ceiling. */
export const fileSizes = (tree: readonly SourceFile[]): readonly Finding[] =>
  tree
    .filter(({ path }) => /\.(ts|js|cjs)$/.test(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ path, lines }) => ({ where: path, what: `${lines} lines; ${MOST_LINES} at most` }));
