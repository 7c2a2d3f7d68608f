import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { forget, remember } from '../processes/record';
import type { ServerUser } from '../processes/serverUser';

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: ServerUser | null;
  readonly signal?: AbortSignal;
  /** Each line of both outputs, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Recorded there while it runs, so that a later run can end it if ours was killed. */
  readonly recordIn?: string;
}

/** A command ended badly. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';

  constructor(
    readonly command: string,
    readonly how: string,
    readonly tail: string,
    /** ENOENT: no such command. */
    readonly code: string | undefined,
  ) {
    super(`${command} ${how}`);
  }
}

const TAIL_LINES = 15;

/**
 * Runs a command to its end, behind whatever else the machine does, in a process group of its own that ends with the signal.
 * @returns its standard output. @throws CommandFailed
 */
export async function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { env = process.env, cwd, user, signal, onLine, recordIn } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  const { pid } = child;
  if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const recordName = `run-${pid}`;
  if (pid !== undefined && recordIn !== undefined) remember(recordIn, { name: recordName, pid, stopSignal: 'SIGTERM' });
  const endGroup = (): void => void (pid !== undefined && process.kill(-pid, 'SIGTERM'));
  signal?.addEventListener('abort', endGroup);

  const output: string[] = [];
  const tail: string[] = [];
  const heard = (line: string): void => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    onLine?.(line);
  };
  eachLine(child.stderr, heard);
  eachLine(child.stdout, (line) => {
    output.push(line);
    heard(line);
  });

  try {
    const how = await new Promise<{ text: string; code?: string } | null>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => resolve({ text: error.message, ...(error.code ? { code: error.code } : {}) }));
      child.once('close', (code, killedBy) =>
        resolve(code === 0 ? null : { text: killedBy ? `was ended by ${killedBy}` : `ended with exit code ${code}` }),
      );
    });
    signal?.throwIfAborted();
    if (how) throw new CommandFailed(command, how.text, tail.join('\n'), how.code);
    return output.join('\n');
  } finally {
    signal?.removeEventListener('abort', endGroup);
    if (recordIn !== undefined) forget(recordIn, recordName);
  }
}

function eachLine(stream: Readable, heard: (line: string) => void): void {
  createInterface({ input: stream }).on('line', heard);
}
