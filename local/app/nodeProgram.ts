import { join } from 'node:path';
import { ServerProcess } from '../processes/serverProcess';

const PROJECT = join(__dirname, '..', '..');

export interface NodeProgram {
  readonly name: string;
  /** Relative to the project. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** For its log and its record. */
  readonly folder: string;
}

/** One of our own programs as a process, straight from its TypeScript. */
export function startNodeProgram({ name, script, args = [], env = {}, folder }: NodeProgram): ServerProcess {
  return new ServerProcess({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', '--import', 'tsx', join(PROJECT, script), ...args],
    env: { ...process.env, ...env },
    cwd: PROJECT,
    folder,
  });
}
