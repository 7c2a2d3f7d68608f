import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programArguments } from '../programs';

const ROOT = join(__dirname, '../..');

/** One of the engine's own processes (`src/server.ts`, `src/worker.ts`), run as a user runs it, which a test may stop, freeze or kill. */
export class EngineProcess {
  private child: ChildProcess | null = null;

  constructor(
    private readonly script: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly logFile: string,
  ) {}

  start(): void {
    const log = createWriteStream(this.logFile, { flags: 'a' });
    this.child = spawn(process.execPath, [...programArguments(this.script)], {
      cwd: ROOT,
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.pipe(log, { end: false });
    this.child.stderr?.pipe(log, { end: false });
  }

  /** @throws Error with its last words unless it has logged `words` since the file was begun */
  expectSaid(words: string): void {
    const log = readFileSync(this.logFile, 'utf8');
    if (!log.includes(words)) throw new Error(`${this.script} has not said "${words}":\n${log.slice(-2_000)}`);
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Temporal names workers by it. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** As if its machine had lost power. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** As an operator or a deploy does. @returns the exit code */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (!child || !this.isRunning) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}
