import { parts, partsIn, withParts } from '../docs/parts';
import type { Finding, SourceFile } from '../tree';

/** Each part of a document that is written from the code stands as the code has it, and each of them stands somewhere. */
export function writtenParts(tree: readonly SourceFile[]): readonly Finding[] {
  const documents = tree.filter(({ path }) => path.startsWith('docs/') && path.endsWith('.md'));
  const named = documents.flatMap(({ path, text }) => partsIn(text).map((name) => ({ path, name })));
  return [
    ...named.filter(({ name }) => !(name in parts)).map(({ path, name }) => ({ where: path, what: `nothing writes its part ${name}` })),
    ...documents
      .filter(({ text }) => withParts(text) !== text)
      .map(({ path }) => ({ where: path, what: 'tells what the code no longer says: npm run write-docs' })),
    ...Object.keys(parts)
      .filter((part) => !named.some(({ name }) => name === part))
      .map((part) => ({ where: 'scripts/docs/parts.ts', what: `no document has the part ${part}` })),
  ];
}
