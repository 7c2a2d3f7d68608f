import { join } from 'node:path';
import { checkGivenDatabase } from '../local/database/given';
import { obtainDatabase } from '../local/database/obtain';
import { runDatabase } from '../local/database/start';
import { both } from '../local/install/both';
import type { RunningServer } from '../local/processes/runServer';
import { removeAbandonedThrowaways, removeOwnThrowaways, throwawayFolder } from '../local/processes/throwaway';
import { terminalOrPlain } from '../local/progress/terminalOrPlain';
import { prepareGivenTemporal } from '../local/temporal/given';
import { obtainTemporal } from '../local/temporal/obtain';
import { runTemporal } from '../local/temporal/start';

const started: RunningServer[] = [];

/** Sets TEMPORAL_ADDRESS and MONGODB_URI where they are not set. @throws Problem */
export async function startSuiteServers(signal: AbortSignal): Promise<void> {
  const { TEMPORAL_ADDRESS, MONGODB_URI } = process.env;
  await removeAbandonedThrowaways();
  const folder = throwawayFolder();
  const progress = terminalOrPlain(process.stderr);

  const [address, uri] = await both(
    signal,
    async (signal) => {
      if (TEMPORAL_ADDRESS) return givenTemporal(TEMPORAL_ADDRESS);
      const program = await obtainTemporal({ progress, signal });
      const server = await runTemporal({ program, folder: join(folder, 'temporal'), keepsData: false });
      started.push(server);
      return server.address;
    },
    async (signal) => {
      if (MONGODB_URI) return givenDatabase(MONGODB_URI);
      const program = await obtainDatabase({ progress, signal });
      const server = await runDatabase({ program, folder: join(folder, 'database'), durable: false });
      started.push(server);
      return server.uri;
    },
  );
  process.env.TEMPORAL_ADDRESS = address;
  process.env.MONGODB_URI = uri;
}

export async function stopSuiteServers(): Promise<void> {
  for (const server of started.splice(0)) await server.stop();
  await removeOwnThrowaways();
}

async function givenTemporal(address: string): Promise<string> {
  await prepareGivenTemporal(address);
  return address;
}

async function givenDatabase(uri: string): Promise<string> {
  await checkGivenDatabase(uri);
  return uri;
}
