import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { atEnd } from '../atEnd';

const ROOT = join(__dirname, '../..');
const Listening = z.object({ port: z.number() });

export interface ListeningProcess {
  readonly pid: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** A program of ours as a process of its own until the end of the run. It tells its port in a line of JSON, as `src/server.ts` does. @throws if it ends first */
export async function listeningProcess(
  script: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Promise<ListeningProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  atEnd(async () => {
    child.kill('SIGTERM');
    await exited;
  });

  const port = await new Promise<number>((resolve, reject) => {
    exited.then(() => reject(new Error(`${script} ended instead of listening`)), reject);
    // Read to the end: a log nobody takes would stop the process.
    createInterface(child.stdout).on('line', (line) => {
      const said = Listening.safeParse(parsed(line));
      if (said.success) resolve(said.data.port);
    });
  });
  return { pid: child.pid ?? 0, url: `http://127.0.0.1:${port}` };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
