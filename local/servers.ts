import { rmSync } from 'node:fs';
import { obtainDatabase } from './database/obtain';
import { type RunningDatabase, runDatabase } from './database/start';
import { throwawayFolder } from './processes/throwaway';
import { plainProgress } from './progress/plain';
import { obtainTemporal } from './temporal/obtain';
import { type RunningTemporal, runTemporal } from './temporal/start';

export interface PrivateServerOptions {
  /** Without, a throw-away one. */
  readonly dataDir?: string;
  /** Without, any free one. */
  readonly port?: number;
}

/** A server of a test's own. */
export interface Private {
  /** Stops it and removes its data. */
  discard(): Promise<void>;
}

const context = () => ({ progress: plainProgress(console.error), signal: new AbortController().signal });

/**
 * A Temporal server of a test's own, which it may `kill()` and `restart()`: the same port, the same data, every acknowledged write still
 * there. @throws Problem
 */
export async function startTemporal({ dataDir, port }: PrivateServerOptions = {}): Promise<RunningTemporal & Private> {
  const folder = dataDir ?? throwawayFolder();
  const program = await obtainTemporal(context());
  return discardable(folder, await runTemporal({ program, folder, keepsData: true, ...(port === undefined ? {} : { port }) }));
}

/** A database server of a test's own, likewise. @throws Problem */
export async function startDatabase({ dataDir, port }: PrivateServerOptions = {}): Promise<RunningDatabase & Private> {
  const folder = dataDir ?? throwawayFolder();
  const program = await obtainDatabase(context());
  return discardable(folder, await runDatabase({ program, folder, durable: false, ...(port === undefined ? {} : { port }) }));
}

function discardable<Server extends { stop(): Promise<void> }>(folder: string, server: Server): Server & Private {
  return {
    ...server,
    async discard() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
