import { freePort } from '../processes/freePort';
import { stopLeftovers } from '../processes/record';
import type { RunningServer } from '../processes/runServer';
import { runFerretdb } from './ferretdb/start';
import { runMongod } from './mongod/start';
import type { DatabaseProgram } from './obtain';

export interface DatabaseOptions {
  readonly program: DatabaseProgram;
  /** For its data, logs and records. */
  readonly folder: string;
  readonly port?: number;
  /** False: the data is to be thrown away; kills are survived, power cuts need not be. */
  readonly durable: boolean;
}

export interface DatabasePlace {
  readonly folder: string;
  readonly port: number;
  readonly uri: string;
  readonly durable: boolean;
}

export interface RunningDatabase extends RunningServer {
  readonly uri: string;
  readonly kind: DatabaseProgram['kind'];
}

/** Starts a database server on loopback and waits until it answers. @throws Problem */
export async function runDatabase({ program, folder, port, durable }: DatabaseOptions): Promise<RunningDatabase> {
  await stopLeftovers(folder);
  const chosen = port ?? (await freePort());
  const place = { folder, port: chosen, uri: `mongodb://127.0.0.1:${chosen}/`, durable };
  const server = program.kind === 'mongod' ? await runMongod(program, place) : await runFerretdb(program, place);
  return { ...server, uri: place.uri, kind: program.kind };
}
