import type { Finding, SourceFile } from '../tree';
import { lineAt } from '../tree';

/** Ways to make the compiler look away that Biome lets through; it refuses `any` itself, and asks for a reason beside its own comment. */
const SILENCERS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /@ts-(ignore|nocheck|expect-error)/g, what: 'silences the compiler' },
  { pattern: /\bas (unknown as|any|never)\b/g, what: 'casts a type into another: parse or narrow it' },
  { pattern: /(istanbul|c8) ignore/g, what: 'hides from coverage' },
];

/** TypeScript says what it means everywhere. */
export const silencers = (tree: readonly SourceFile[]): readonly Finding[] =>
  tree
    .filter(({ path }) => path.endsWith('.ts') && path !== 'scripts/checks/silencers.ts')
    .flatMap((file) =>
      SILENCERS.flatMap(({ pattern, what }) =>
        [...code(file).matchAll(pattern)].map(({ index, 0: found }) => ({ where: lineAt(file, index), what: `\`${found}\` ${what}` })),
      ),
    );

/** Prose may say "as any other"; code may not. Blanks keep every offset where it was. */
const code = ({ text }: SourceFile): string =>
  text.replace(/^\s*(?:\/\/|\/\*|\*).*$/gm, (comment) => (/@ts-|ignore/.test(comment) ? comment : ' '.repeat(comment.length)));
