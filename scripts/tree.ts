import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** One text file of the repository. `path` is relative to its root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What a check found; `where` is `path` or `path:line`. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

const TEXT = /\.(ts|js|cjs|mjs|json|md|yml|yaml|sh|html|css)$|(^|\/)(Dockerfile|LICENSE|NOTICE|run)$/;

/** Every file git knows or would add, as it stands in the working tree. */
export const listFiles = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(path));

export const readTree = (): readonly SourceFile[] =>
  listFiles()
    .filter((path) => TEXT.test(path) && path !== 'package-lock.json' && !(path.startsWith('test/histories/') && path.endsWith('.json')))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** Where the character at `offset` stands, counted as editors count. */
export const lineAt = ({ path, text }: SourceFile, offset: number): string => `${path}:${text.slice(0, offset).split('\n').length}`;
