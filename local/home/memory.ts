import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errnoOf } from '../errno';
import { Problem } from '../problems';

const Port = z.int().min(1).max(65_535);

const Memory = z.object({
  ports: z.partialRecord(z.enum(['api', 'temporal', 'temporalUi', 'database', 'simulator', 'receiver', 'page']), Port),
  /** READING_INTERVAL, as the last start had it. */
  interval: z.string().nullable(),
  /** CONTINUO_ENCRYPTION_KEYS: without it the stored tokens are lost. */
  encryptionKeys: z.string(),
  dexcomClientSecret: z.string(),
  /** What this stack made of itself through the API and the CLI. */
  team: z.object({ orgId: z.string(), teamId: z.string(), apiKey: z.string() }).nullable(),
  webhook: z.object({ id: z.string(), url: z.string(), secret: z.string() }).nullable(),
  /** The app's page on the team's list; absent: from before there was one. */
  redirectUrl: z.string().nullable().default(null),
  /** Our user for each simulated person who was connected. */
  users: z.record(z.string(), z.string()),
});

/** What a start leaves for the next one: ids, keys, ports. */
export type Memory = z.infer<typeof Memory>;
export type PortName = keyof Memory['ports'];

const fresh = (): Memory => ({
  ports: {},
  interval: null,
  encryptionKeys: `local:${randomBytes(32).toString('base64')}`,
  dexcomClientSecret: randomBytes(16).toString('hex'),
  team: null,
  webhook: null,
  redirectUrl: null,
  users: {},
});

/** `<folder>/memory.json`, readable by its owner only: it holds keys. */
export class MemoryFile {
  private memory: Memory;

  /** @throws Problem if the file is there and cannot be understood */
  constructor(private readonly folder: string) {
    this.memory = this.read() ?? fresh();
    this.change({});
  }

  get now(): Memory {
    return this.memory;
  }

  /** Whole or not at all. */
  change(change: Partial<Memory>): void {
    this.memory = { ...this.memory, ...change };
    const half = `${this.file}.half`;
    writeFileSync(half, JSON.stringify(this.memory, null, 2), { mode: 0o600 });
    chmodSync(half, 0o600);
    renameSync(half, this.file);
  }

  private read(): Memory | null {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return null;
      throw error;
    }
    const parsed = Memory.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw new Problem(`${this.file} is not what an earlier start has left there`, [
      `put it back as it was`,
      `or begin anew, without the data of earlier starts: rm -r ${this.folder}`,
    ]);
  }

  private get file(): string {
    return join(this.folder, 'memory.json');
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
