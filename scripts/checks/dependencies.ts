import type { Finding, SourceFile } from '../tree';

const DECISION = 'docs/adr/0001-stack-and-dependencies.md';

/** Every dependency has its line in the decision that lists what each of them earns, and that list names no other. */
export function dependencies(tree: readonly SourceFile[]): readonly Finding[] {
  const text = tree.find(({ path }) => path === DECISION)?.text ?? '';
  const listed = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(({ 1: name = '' }) => name));
  const used = namesIn(tree.find(({ path }) => path === 'package.json')?.text ?? '{}');
  return [
    ...used.filter((name) => !listed.includes(name)).map((name) => ({ where: DECISION, what: `has no line for ${name}` })),
    ...listed
      .filter((name) => !used.includes(name))
      .map((name) => ({ where: DECISION, what: `lists ${name}, which package.json has not` })),
  ];
}

function namesIn(text: string): readonly string[] {
  const manifest: Partial<Record<string, Record<string, string>>> = JSON.parse(text);
  return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})];
}
