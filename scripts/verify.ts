import { spawn } from 'node:child_process';
import { dependencies } from './checks/dependencies';
import { docPaths } from './checks/docPaths';
import { fileSizes } from './checks/fileSizes';
import { names } from './checks/names';
import { silencers } from './checks/silencers';
import { storageOperations } from './checks/storageOperations';
import { survivals } from './checks/survivals';
import { writtenParts } from './checks/writtenParts';
import type { Finding } from './tree';
import { listFiles, readTree } from './tree';

/** `npm run verify`: all that can be said about the tree without running it. Says everything it finds, then exits 1 if that was anything. */
interface Check {
  readonly name: string;
  /** @returns what is wrong, as a person should read it; empty if nothing is */
  run(): Promise<string>;
}

const tool = (name: string, command: string, ...args: readonly string[]): Check => ({
  name,
  run: () =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stdout.on('data', (chunk) => (said += chunk));
      child.stderr.on('data', (chunk) => (said += chunk));
      child.on('error', reject);
      child.on('close', (code) => resolve(code === 0 ? '' : said || `exit code ${code}`));
    }),
});

const rule = (name: string, find: () => readonly Finding[]): Check => ({
  name,
  run: async () =>
    find()
      .map(({ where, what }) => `${where}: ${what}`)
      .join('\n'),
});

const bin = (path: string): string => require.resolve(path);
const tree = readTree();

const checks: readonly Check[] = [
  rule('file sizes', () => fileSizes(tree)),
  rule('names', () => names(tree)),
  rule('silencers', () => silencers(tree)),
  rule('paths in documents', () => docPaths(tree, listFiles())),
  rule('dependencies', () => dependencies(tree)),
  rule('storage operations', () => storageOperations(tree)),
  rule('survivals', () => survivals(tree)),
  rule('written parts of documents', () => writtenParts(tree)),
  tool('format and lint', bin('@biomejs/biome/bin/biome'), 'check', '.'),
  tool('types', bin('typescript/bin/tsc'), '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/verify.tsbuildinfo'),
  tool(
    'imports',
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'simulator',
    'local',
    'test',
    'bench',
    'soak',
    'scripts',
  ),
  tool('dead code', 'node_modules/knip/bin/knip.js'),
];

async function verify(): Promise<number> {
  const began = Date.now();
  const said = await Promise.all(checks.map(async ({ name, run }) => ({ name, wrong: (await run()).trim(), ms: Date.now() - began })));
  for (const { name, wrong, ms } of said) console.log(wrong ? `✗ ${name}\n\n${wrong}\n` : `✓ ${name} (${(ms / 1000).toFixed(1)} s)`);

  const failed = said.filter(({ wrong }) => wrong);
  console.log(
    `\n${failed.length === 0 ? 'All' : `${said.length - failed.length} of ${said.length}`} checks hold (${((Date.now() - began) / 1000).toFixed(1)} s)`,
  );
  return failed.length === 0 ? 0 : 1;
}

void verify().then((code) => {
  process.exitCode = code;
});
