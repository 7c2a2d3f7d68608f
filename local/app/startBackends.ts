import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkGivenDatabase } from '../database/given';
import { obtainDatabase } from '../database/obtain';
import { runDatabase } from '../database/start';
import { choosePort } from '../home/ports';
import { both } from '../install/both';
import { prepareGivenTemporal } from '../temporal/given';
import { obtainTemporal } from '../temporal/obtain';
import { runTemporal } from '../temporal/start';
import type { Stage } from './stage';

export interface Backends {
  readonly temporalAddress: string;
  /** null: of a server somebody else runs. */
  readonly temporalUiUrl: string | null;
  readonly mongodbUri: string;
}

/** Temporal and the database: those the environment names, or our own. @throws Problem */
export async function startBackends(stage: Stage): Promise<Backends> {
  const [temporal, mongodbUri] = await both(
    stage.signal,
    (signal) => startTemporal({ ...stage, signal }),
    (signal) => startDatabase({ ...stage, signal }),
  );
  return { ...temporal, mongodbUri };
}

async function startTemporal({
  home,
  options,
  progress,
  stack,
  signal,
  onLost,
}: Stage): Promise<Pick<Backends, 'temporalAddress' | 'temporalUiUrl'>> {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = process.env;
  if (TEMPORAL_ADDRESS) {
    await prepareGivenTemporal(TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE);
    progress.note(`Temporal: ${TEMPORAL_ADDRESS}, from TEMPORAL_ADDRESS`);
    return { temporalAddress: TEMPORAL_ADDRESS, temporalUiUrl: null };
  }
  const program = await obtainTemporal({ progress, signal });
  const port = await choosePort('temporal', options.temporalPort, home.memory, '--temporal-port');
  const uiPort = await choosePort('temporalUi', options.temporalUiPort, home.memory, '--temporal-ui-port');
  const server = await runTemporal({ program, folder: home.place('temporal'), keepsData: true, port, uiPort });
  stack.add('Temporal', () => server.stop());
  server.onUnexpectedEnd(onLost);
  progress.note(`Temporal: ${server.taken}`);
  return { temporalAddress: server.address, temporalUiUrl: server.uiUrl };
}

async function startDatabase({ home, options, progress, stack, signal, onLost }: Stage): Promise<string> {
  const { MONGODB_URI } = process.env;
  if (MONGODB_URI) {
    await checkGivenDatabase(MONGODB_URI);
    progress.note('Database: from MONGODB_URI');
    return MONGODB_URI;
  }
  const folder = home.place('database');
  const program = await obtainDatabase({ progress, signal }, { kind: kindOfData(folder) });
  const port = await choosePort('database', options.databasePort, home.memory, '--database-port');
  const server = await runDatabase({ program, folder, port, durable: true });
  stack.add('database', () => server.stop());
  server.onUnexpectedEnd(onLost);
  progress.note(`Database: ${server.taken}`);
  return server.uri;
}

/** Whose data is there already: the other kind of server could not read it. */
function kindOfData(folder: string): 'mongod' | 'ferretdb' | undefined {
  if (existsSync(join(folder, 'mongod'))) return 'mongod';
  return existsSync(join(folder, 'data')) ? 'ferretdb' : undefined;
}
