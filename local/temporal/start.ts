import { freePort } from '../processes/freePort';
import { stopLeftovers } from '../processes/record';
import { type RunningServer, runServer } from '../processes/runServer';
import { ServerProcess } from '../processes/serverProcess';
import type { TemporalProgram } from './obtain';
import { whyNot } from './reach';
import { serverArguments, serverEnvironment } from './settings';

export interface TemporalOptions {
  readonly program: TemporalProgram;
  /** For its log, its record and its data. */
  readonly folder: string;
  /** Without, everything is forgotten when it ends. */
  readonly keepsData: boolean;
  readonly port?: number;
  /** Without, there is no Web UI. */
  readonly uiPort?: number;
}

export interface RunningTemporal extends RunningServer {
  readonly address: string;
  readonly uiUrl: string | null;
}

/** Starts the development server on loopback and waits until it answers. @throws Problem */
export async function runTemporal({ program, folder, keepsData, port, uiPort }: TemporalOptions): Promise<RunningTemporal> {
  await stopLeftovers(folder);
  const place = { port: port ?? (await freePort()), uiPort: uiPort ?? null, dataDir: keepsData ? folder : null };
  const address = `127.0.0.1:${place.port}`;

  const server = await runServer(program.taken, async () => {
    const args = serverArguments(place);
    const { command, installation } = program;
    const process = new ServerProcess({ name: 'temporal', command, installation, args, env: serverEnvironment(), folder });
    await process.untilReady(async () => (await whyNot(address)) === null);
    return [process];
  });
  return { ...server, address, uiUrl: place.uiPort === null ? null : `http://127.0.0.1:${place.uiPort}` };
}
