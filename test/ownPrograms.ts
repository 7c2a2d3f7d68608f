import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '../src/storage/database';
import { programArguments } from './programs';
import { mongodbUri, temporalAddress } from './servers';
import { freshDatabase } from './storage/freshDatabase';

const ROOT = join(__dirname, '..');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Our programs over a database of their own. */
export interface OwnPrograms {
  readonly database: Database;
  readonly env: Readonly<Record<string, string>>;
  readonly encryptionKeys: string;
  /** One of them, to its end. @param input what it reads from standard input */
  run(script: string, args: readonly string[], change?: Readonly<Record<string, string>>, input?: string): Promise<Ended>;
  /** The operator's command line. @returns the line of JSON it printed @throws Error with what it said instead */
  admin(...args: string[]): Promise<ReturnType<typeof JSON.parse>>;
  close(): Promise<void>;
}

export async function openPrograms(): Promise<OwnPrograms> {
  const database = await freshDatabase();
  const encryptionKeys = `test:${randomBytes(32).toString('base64')}`;
  const env = {
    TEMPORAL_ADDRESS: temporalAddress(),
    MONGODB_URI: mongodbUri(),
    MONGODB_DATABASE: database.db.databaseName,
    CONTINUO_ENCRYPTION_KEYS: encryptionKeys,
    CONTINUO_QUEUE_PREFIX: `test-${randomUUID().slice(0, 8)}-`,
    DEXCOM_CLIENT_ID: 'app',
    DEXCOM_CLIENT_SECRET: 'canary-secret',
    DEXCOM_REGION: 'sandbox',
  };

  const run: OwnPrograms['run'] = (script, args, change = {}, input = '') =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [...programArguments(script), ...args],
        { cwd: ROOT, env: { ...process.env, ...env, ...change } },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
      child.stdin?.end(input);
    });

  return {
    database,
    env,
    encryptionKeys,
    run,
    async admin(...args) {
      const { code, stdout, stderr } = await run('src/admin.ts', [...args, '--json']);
      if (code !== 0) throw new Error(stderr);
      return JSON.parse(stdout);
    },
    close: () => database.close(),
  };
}
