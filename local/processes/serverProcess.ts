import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../errno';
import { makeOpenFolder } from '../install/openFolder';
import { type Problem, problems } from '../problems';
import { familyOf } from './identity';
import { forget, remember, signalIfAlive } from './record';
import type { ServerUser } from './serverUser';
import { waitUntil } from './waitUntil';

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly user?: ServerUser | null;
  /** For its log and its record. */
  readonly folder: string;
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** Where its program lies, if in our cache: what a person may remove if it is damaged. */
  readonly installation?: string | undefined;
}

/**
 * A server in a process group of its own, so that Ctrl-C in the terminal reaches only us and we stop our servers in order.
 * Recorded beside its data: if we are killed, the next run ends it (`stopLeftovers`).
 */
export class ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  private readonly child: ChildProcess;
  /** Where in its log, which earlier runs have written too. */
  private readonly logBeginsAt: number;
  private wasAsked = false;
  private whyNotStarted = '';

  constructor(private readonly options: ServerProcessOptions) {
    const { name, command, args, env = process.env, cwd, user, folder } = options;
    makeOpenFolder(folder);
    this.logFile = join(folder, `${name}.log`);
    putAside(this.logFile);
    this.logBeginsAt = statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0;
    const log = openSync(this.logFile, 'a');
    this.child = spawn(command, args, {
      env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(cwd === undefined ? {} : { cwd }),
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    });
    closeSync(log);
    // Where it cannot be started at all there is no pid.
    this.child.once('error', (error) => {
      this.whyNotStarted = ` (${reasonOf(error)})`;
    });
    this.child.unref();
    this.pid = this.child.pid ?? -1;
    if (this.pid > 0) remember(folder, { name, pid: this.pid, stopSignal: this.stopSignal });
  }

  /** @returns undefined while it lives */
  howItEnded(): string | undefined {
    if (this.pid < 0) return `could not be started${this.whyNotStarted}`;
    if (this.child.exitCode !== null) return `ended with exit code ${this.child.exitCode}`;
    return this.child.signalCode === null ? undefined : `was ended by ${this.child.signalCode}`;
  }

  onUnexpectedEnd(told: (problem: Problem) => void): void {
    this.child.once('exit', () => {
      if (!this.wasAsked) told(this.ended(this.howItEnded() ?? 'ended'));
    });
  }

  /** All processes of this server. */
  pids(): number[] {
    return this.howItEnded() === undefined ? familyOf(this.pid) : [];
  }

  /** The last lines it wrote, none of an earlier run. */
  tail(lines = 12): string {
    return readFileSync(this.logFile).subarray(this.logBeginsAt).toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  /** @throws Problem if it ends before it answers, or does not answer in time */
  async untilReady(answers: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
    const { name } = this.options;
    const ended = () => this.howItEnded() !== undefined;
    const answered = await waitUntil(async () => ended() || (await answers()), { withinMs });
    // One that ended may have been started a moment ago: why it could not be is told after that.
    await setImmediate();
    const how = this.howItEnded();
    if (how === undefined && answered) return;
    await this.stop();
    if (how !== undefined) throw this.ended(how);
    throw problems.serverSilent(name, withinMs / 1000, this.logFile, this.tail());
  }

  /** Kindly, then by force. */
  async stop(kindlyMs = 15_000): Promise<void> {
    this.wasAsked = true;
    if (this.howItEnded() === undefined) signalIfAlive(this.pid, this.stopSignal);
    if (!(await this.hasEnded(kindlyMs))) await this.kill();
    forget(this.options.folder, this.options.name);
  }

  /** SIGKILL to all its processes at once, as if the machine had lost power for them. */
  async kill(): Promise<void> {
    this.wasAsked = true;
    for (const pid of this.pids()) signalIfAlive(pid, 'SIGKILL');
    await this.hasEnded(10_000);
  }

  private hasEnded(withinMs: number): Promise<boolean> {
    return waitUntil(() => this.howItEnded() !== undefined, { withinMs, everyMs: 20 });
  }

  private ended(how: string): Problem {
    const { name, installation } = this.options;
    return problems.serverEnded({ name, how, logFile: this.logFile, tail: this.tail(), installation });
  }

  private get stopSignal(): 'SIGTERM' | 'SIGINT' {
    return this.options.stopSignal ?? 'SIGTERM';
  }
}

const LONGEST_LOG_BYTES = 10_000_000;

/** A log that has grown long makes way; one earlier is kept. */
function putAside(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LONGEST_LOG_BYTES) renameSync(logFile, `${logFile}.1`);
}
