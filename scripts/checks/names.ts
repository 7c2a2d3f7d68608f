import type { Finding, SourceFile } from '../tree';

/** Words that name no thing of the field: what lies in such a file could be anything. */
const EMPTY_WORDS = ['util', 'utils', 'helper', 'helpers', 'manager', 'common', 'misc', 'stuff'];

/** No file or folder is called by an empty word, alone or as a part (`dateUtils`, `common/`). */
export const names = (tree: readonly SourceFile[]): readonly Finding[] =>
  tree.flatMap(({ path }) => {
    const empty = wordsOf(path).find((word) => EMPTY_WORDS.includes(word));
    return empty ? [{ where: path, what: `is called "${empty}"; name what it does` }] : [];
  });

const wordsOf = (path: string): readonly string[] =>
  path
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
