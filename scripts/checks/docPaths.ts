import { posix } from 'node:path';
import type { Finding, SourceFile } from '../tree';
import { lineAt } from '../tree';

const ROOMS = ['src', 'simulator', 'local', 'test', 'bench', 'soak', 'docs', 'scripts', '.ci'];
/** Made at run time, so no checkout has them. */
const MADE = [/^\.continuo\b/, /^dist\b/, /^node_modules\b/];

/**
 * Every path a document names in backticks or links to exists, every `npm run` it shows is a script: what a reader copies works.
 * A path may hold `*`, `{a,b}` or a placeholder such as `<noun>`; what stands before it must exist.
 */
export function docPaths(tree: readonly SourceFile[], files: readonly string[]): readonly Finding[] {
  const known = new Set(files.flatMap(withFolders));
  const scripts = scriptsOf(tree);
  return tree
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((document) => [...deadPaths(document, known), ...deadScripts(document, scripts)]);
}

function deadPaths(document: SourceFile, known: ReadonlySet<string>): readonly Finding[] {
  const named = [...document.text.matchAll(/`([^`\s]+)`/g)].map(({ index, 1: text }) => ({ index, path: trimmed(text ?? '') }));
  const linked = [...document.text.matchAll(/\]\(([^)\s]+)\)/g)].map(({ index, 1: text }) => ({
    index,
    path: resolved(document, text ?? ''),
  }));
  return [...named.filter(({ path }) => isOurs(path)), ...linked]
    .filter(({ path }) => path !== '' && !MADE.some((made) => made.test(path)) && !known.has(path))
    .map(({ index, path }) => ({ where: lineAt(document, index), what: `names ${path}, which is not there` }));
}

function deadScripts(document: SourceFile, scripts: ReadonlySet<string>): readonly Finding[] {
  return [...document.text.matchAll(/npm run ([\w-]+(?::[\w-]+)*)/g)]
    .filter(({ 1: script }) => script !== undefined && !scripts.has(script))
    .map(({ index, 1: script }) => ({ where: lineAt(document, index), what: `shows npm run ${script}, which package.json does not have` }));
}

const isOurs = (path: string): boolean => ROOMS.some((room) => path === room || path.startsWith(`${room}/`));

/** `src/api/routes/<noun>/<verb>.ts`, `src/worker.ts:12` and `docs/adr/` name src/api/routes, src/worker.ts and docs/adr. */
function trimmed(text: string): string {
  const placeholder = text.search(/[*{<…]/);
  const firm = placeholder < 0 ? text : text.slice(0, text.lastIndexOf('/', placeholder) + 1);
  return firm.replace(/(:\d+)?[,.;:]?$/, '').replace(/\/$/, '');
}

function resolved({ path }: SourceFile, link: string): string {
  if (/^[a-z]+:|^#/.test(link)) return '';
  return trimmed(posix.normalize(posix.join(posix.dirname(path), link.replace(/#.*$/, ''))));
}

function scriptsOf(tree: readonly SourceFile[]): ReadonlySet<string> {
  const manifest: unknown = JSON.parse(tree.find(({ path }) => path === 'package.json')?.text ?? '{}');
  if (typeof manifest !== 'object' || manifest === null || !('scripts' in manifest)) return new Set();
  return new Set(Object.keys(manifest.scripts ?? {}));
}

/** A file and all the folders above it. */
function withFolders(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}
