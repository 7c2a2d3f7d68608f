import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { freePort } from '../../local/processes/freePort';
import { waitUntil } from '../../local/processes/waitUntil';

const Addresses = z.strictObject({
  apiUrl: z.url(),
  apiKey: z.string(),
  teamId: z.guid(),
  userId: z.guid().nullable(),
  linkUrl: z.url().nullable(),
  temporalAddress: z.string(),
  temporalUiUrl: z.url().nullable(),
  mongodbUri: z.string(),
  database: z.string(),
  simulatorUrl: z.url(),
  receiverUrl: z.url(),
  receiverSecret: z.string().startsWith('whsec_'),
});
const Seen = z.looseObject({
  event: z.string(),
  messageId: z.string(),
  userId: z.guid(),
  receivedAt: z.iso.datetime(),
  readings: z.number().optional(),
  newestReadingAt: z.string().optional(),
  ageMs: z.number().optional(),
});

/** `npm start -- --json` as a script sees it: a line of addresses, then a line per event. */
export class RunningStart {
  readonly events: z.infer<typeof Seen>[] = [];
  said = '';
  private addresses: z.infer<typeof Addresses> | null = null;

  private constructor(readonly child: ChildProcess) {}

  /** Ready, with data in `data` and every port any free one. */
  static async begin(data: string, ...args: readonly string[]): Promise<RunningStart> {
    const ports: string[] = [];
    for (const name of ['', 'temporal-', 'temporal-ui-', 'database-', 'simulator-', 'receiver-'])
      ports.push(`--${name}port`, String(await freePort()));
    // Servers of its own, not those of the suite.
    const env = { ...process.env, TEMPORAL_ADDRESS: '', MONGODB_URI: '' };
    const script = join(__dirname, '../../local/start.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, '--json', '--data', data, ...ports, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const start = new RunningStart(child);
    child.stderr?.on('data', (chunk) => (start.said += chunk));
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => start.read(JSON.parse(line)));

    const inTime = await waitUntil(() => start.addresses !== null || child.exitCode !== null, { withinMs: 90_000 });
    if (!inTime || start.addresses === null) throw new Error(`npm start did not get ready:\n${start.said}`);
    return start;
  }

  get at(): z.infer<typeof Addresses> {
    if (this.addresses === null) throw new Error('not ready yet');
    return this.addresses;
  }

  async untilEvent(event: string, withinMs = 60_000): Promise<z.infer<typeof Seen>> {
    const found = () => this.events.find((seen) => seen.event === event);
    await waitUntil(() => found() !== undefined, { withinMs });
    const seen = found();
    if (!seen) throw new Error(`no ${event} came; what came: ${this.events.map((other) => other.event).join(', ')}\n${this.said}`);
    return seen;
  }

  /** @returns the exit code, or the signal that ended it */
  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | string | null> {
    const ended = new Promise<number | string | null>((resolve) => this.child.once('exit', (code, by) => resolve(by ?? code)));
    this.child.kill(signal);
    return ended;
  }

  async api(path: string): Promise<unknown> {
    const response = await fetch(`${this.at.apiUrl}${path}`, { headers: { 'x-vital-api-key': this.at.apiKey } });
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  private read(line: unknown): void {
    if (this.addresses === null) this.addresses = Addresses.parse(line);
    else this.events.push(Seen.parse(line));
  }
}
