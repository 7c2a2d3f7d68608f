import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { freePort } from '../../local/processes/freePort';
import { stillRunning } from '../../local/processes/record';
import { waitUntil } from '../../local/processes/waitUntil';

const Addresses = z.strictObject({
  apiUrl: z.url(),
  apiKey: z.string(),
  orgId: z.guid(),
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
  pageUrl: z.url(),
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
type Seen = z.infer<typeof Seen>;

const Page = z.object({
  groups: z.record(
    z.string(),
    z.array(z.object({ data: z.array(z.object({ record_id: z.string(), system_time: z.string(), value_mg_per_dl: z.number() })) })),
  ),
  next_cursor: z.null(),
});

export interface QueriedReading {
  readonly recordId: string;
  readonly at: number;
  readonly mgPerDl: number;
}

/** `npm start -- --json` as a script sees it: a line of addresses, then a line per event. */
export class RunningStart {
  readonly events: Seen[] = [];
  /** Its standard error. */
  said = '';
  /** In the order in which the first line has them. */
  keys: readonly string[] = [];
  private addresses: z.infer<typeof Addresses> | null = null;
  private readonly ended: Promise<number | string | null>;

  private constructor(
    readonly child: ChildProcess,
    private readonly data: string,
  ) {
    this.ended = new Promise((resolve) => child.once('close', (code, by) => resolve(by ?? code)));
    child.stderr?.on('data', (chunk) => (this.said += chunk));
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.read(JSON.parse(line)));
  }

  /** Ready, with data in `data`, the ports it had before or any free ones, and servers of its own unless the environment given names some. */
  static async begin(data: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunningStart> {
    const start = await RunningStart.attempt(data, args, env);
    const inTime = await waitUntil(() => start.addresses !== null || start.child.exitCode !== null, { withinMs: 90_000 });
    if (!inTime || start.addresses === null) throw new Error(`npm start did not get ready:\n${start.said}`);
    return start;
  }

  /** Begun, and perhaps never ready. */
  static async attempt(data: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunningStart> {
    const ports: string[] = [];
    // A folder that was started in before remembers its own.
    for (const name of existsSync(join(data, 'memory.json'))
      ? []
      : ['', 'temporal-', 'temporal-ui-', 'database-', 'simulator-', 'receiver-', 'page-'])
      if (!args.includes(`--${name}port`)) ports.push(`--${name}port`, String(await freePort()));
    const script = join(__dirname, '../../local/start.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, '--json', '--data', data, ...ports, ...args], {
      env: { ...process.env, TEMPORAL_ADDRESS: '', MONGODB_URI: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new RunningStart(child, data);
  }

  get at(): z.infer<typeof Addresses> {
    if (this.addresses === null) throw new Error('not ready yet');
    return this.addresses;
  }

  /** @throws if nobody was connected */
  get userId(): string {
    if (this.at.userId === null) throw new Error('nobody was connected');
    return this.at.userId;
  }

  /** The events of one kind about one user, each message once. */
  of(event: string, userId: string): Seen[] {
    const seen = new Map(this.events.map((each) => [each.messageId, each]));
    return [...seen.values()].filter((each) => each.event === event && each.userId === userId);
  }

  async untilEvent(event: string, userId = this.userId): Promise<Seen> {
    await waitUntil(() => this.of(event, userId).length > 0, { withinMs: 60_000 });
    const [seen] = this.of(event, userId);
    if (!seen) throw new Error(`no ${event} came; what came: ${this.events.map((other) => other.event).join(', ')}\n${this.said}`);
    return seen;
  }

  /** @returns the exit code, or the signal that ended it, once all it has said is read */
  async untilEnd(): Promise<number | string | null> {
    return this.ended;
  }

  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | string | null> {
    this.child.kill(signal);
    return this.ended;
  }

  /** The processes of this folder that are alive, itself among them. */
  alive() {
    return ['', 'app', 'temporal', 'database'].flatMap((place) => stillRunning(join(this.data, place)));
  }

  async api(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.at.apiUrl}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'x-vital-api-key': this.at.apiKey, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  /** All of a user's, oldest first; they fit on one page. */
  async readings(userId = this.userId): Promise<QueriedReading[]> {
    const { groups } = Page.parse(await this.api(`/v2/timeseries/${userId}/glucose/grouped?start_date=2000-01-01`));
    return Object.values(groups)
      .flatMap((sources) => sources.flatMap(({ data }) => data))
      .map(({ record_id, system_time, value_mg_per_dl }) => ({
        recordId: record_id,
        at: Date.parse(system_time),
        mgPerDl: value_mg_per_dl,
      }))
      .toSorted((a, b) => a.at - b.at);
  }

  private read(line: object): void {
    if (this.addresses !== null) return void this.events.push(Seen.parse(line));
    this.keys = Object.keys(line);
    this.addresses = Addresses.parse(line);
  }
}
