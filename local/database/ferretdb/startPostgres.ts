import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../processes/freePort';
import { ServerProcess } from '../../processes/serverProcess';
import { serverUser } from '../../processes/serverUser';
import { programs } from './unpack';

export interface PostgresPlace {
  /** Of the recipe in postgres.ts. */
  readonly installation: string;
  /** The cluster. */
  readonly data: string;
  /** For its log and its record. */
  readonly folder: string;
  /** False: survives kills, not power cuts, and is a good deal faster. */
  readonly durable: boolean;
}

/** On any free port: only FerretDB talks to it. @throws Problem */
export async function startPostgres({
  installation,
  data,
  folder,
  durable,
}: PostgresPlace): Promise<{ process: ServerProcess; port: number }> {
  const port = await freePort();
  const process = new ServerProcess({
    name: 'postgresql',
    command: join(installation, programs, 'postgres'),
    installation,
    // Full pages are written even so: DocumentDB's indexes cannot be replayed without them, and after a kill they would run in circles.
    args: ['-D', data, '-p', String(port), ...(durable ? [] : ['-c', 'fsync=off'])],
    env: { ...globalThis.process.env, LC_ALL: 'C' },
    cwd: installation,
    user: serverUser(),
    folder,
    // "Fast": ends the sessions instead of waiting for them.
    stopSignal: 'SIGINT',
  });
  await process.untilReady(() => acceptsConnections(data, process.pid));
  return { process, port };
}

/** As pg_ctl does it: the first line of this file is the process, the eighth its state. */
async function acceptsConnections(data: string, pid: number): Promise<boolean> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => [], // not written yet
  );
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}
