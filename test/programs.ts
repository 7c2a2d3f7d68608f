import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/**
 * What node is told to run one of our programs, a script named from the root of the project: compiled when this run of the tests began
 * (test/compilePrograms.ts), which saves each process half a second; straight from its TypeScript, as in development, where no such run is.
 */
export function programArguments(script: string): readonly string[] {
  const { CONTINUO_COMPILED } = process.env;
  if (!CONTINUO_COMPILED) return ['--import', 'tsx', join(ROOT, script)];
  return ['--enable-source-maps', join(CONTINUO_COMPILED, script.replace(/\.ts$/, '.js'))];
}
