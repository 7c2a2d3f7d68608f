import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decide } from '../simulator/approve';
import { type ControlClient, createControlClient } from '../simulator/controlClient';
import { programArguments } from './programs';

export interface SimulatorOptions {
  /** Kept over restarts; in memory where left out. */
  readonly state?: string;
  readonly port?: number;
  readonly seed?: string;
  readonly people?: number;
  readonly historyDays?: number;
  /** Durations as on the command line: `10s`, `5m`. */
  readonly interval?: string;
  readonly delay?: string;
  readonly grace?: string;
  readonly redirectUris?: readonly string[];
  readonly replay?: string;
  readonly historyOnly?: true;
  readonly prerender?: true;
  readonly region?: 'us' | 'ous' | 'jp' | 'sandbox';
  /** Names of files in simulator/scenarios. */
  readonly scenarios?: readonly string[];
  /** ISO 8601: where simulated time begins. */
  readonly clock?: string;
}

export interface Simulator {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who replays, or else the first of the seed's people; empty if there is nobody. */
  readonly person: string;
  readonly control: ControlClient;
  readonly pid: number;
  /** Goes through the login page's own form. @returns where the browser is sent next, with `code` and `state` */
  approve(authorizeUrl: string, personId: string): Promise<string>;
  refuse(authorizeUrl: string, personId: string): Promise<string>;
  stop(): Promise<void>;
  /** SIGKILL, as a power cut of the process. */
  kill(): Promise<void>;
}

export const REDIRECT_URI = 'http://127.0.0.1:9/callback';

/** Starts a simulator in a process of its own, on a free port unless told which. @throws Error with its last words if it does not start */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  // Node itself and not tsx's command: a signal must reach the simulator, not a wrapper around it.
  const child = spawn(process.execPath, [...programArguments('simulator/main.ts'), ...argumentsFor(options)], {
    cwd: join(__dirname, '..'),
    // Its stdin is ours to hold: a test run that is killed takes its simulators with it.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const ready = once(createInterface(child.stdout), 'line');
  await Promise.race([ready, exited]);
  if (child.exitCode !== null || child.pid === undefined) throw new Error(`The simulator did not start: ${said.join('')}`);
  const [line] = await ready;
  const { url, clientId, clientSecret, person } = JSON.parse(String(line));

  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  return {
    url,
    clientId,
    clientSecret,
    person: person ?? '',
    pid: child.pid,
    control: createControlClient(url),
    approve: (authorizeUrl, personId) => decide(authorizeUrl, personId, 'approve'),
    refuse: (authorizeUrl, personId) => decide(authorizeUrl, personId, 'refuse'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function argumentsFor({ redirectUris = [REDIRECT_URI], historyOnly, prerender, scenarios = [], ...rest }: SimulatorOptions): string[] {
  const named = { people: 1, historyDays: 2, ...rest };
  const flags = Object.entries(named).map(
    ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`,
  );
  const switches = [
    ...(historyOnly ? ['--history-only'] : []),
    ...(prerender ? ['--prerender'] : []),
    ...scenarios.map((name) => `--scenario=${name}`),
  ];
  return [...flags, ...switches, '--until-stdin-ends', '--redirect-uri', ...redirectUris];
}
