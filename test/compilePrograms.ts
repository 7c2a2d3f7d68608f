import { copyFileSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformFileSync } from '@swc/core';
import { throwawayFolder } from '../local/processes/throwaway';
import { workflowBundle } from '../src/temporal/workflowBundle';

const ROOT = join(__dirname, '..');
/** The programs that tests start, and what they read. */
const PARTS = ['src', 'simulator', 'package.json'];

/**
 * Compiles our programs as they are at this moment: once for a run of the tests, and not in each of the hundreds of processes it starts. The
 * workflows' bundle lies beside them, where a built worker looks for it. @returns the folder, which goes when this process ends
 */
export async function compilePrograms(): Promise<string> {
  const folder = throwawayFolder();
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const file of PARTS.flatMap(filesIn)) {
    const target = join(folder, relative(ROOT, file));
    mkdirSync(dirname(target), { recursive: true });
    if (file.endsWith('.ts')) writeFileSync(target.replace(/\.ts$/, '.js'), compiled(file));
    else copyFileSync(file, target);
  }

  const bundle = await workflowBundle();
  if (!('codePath' in bundle)) throw new Error('the bundle of the workflows is in no file');
  copyFileSync(bundle.codePath, join(folder, 'workflows.bundle.js'));
  return folder;
}

const compiled = (file: string): string =>
  transformFileSync(file, {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
    sourceFileName: file,
  }).code;

function filesIn(part: string): string[] {
  const path = join(ROOT, part);
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).flatMap((name) => filesIn(join(part, name)));
}
