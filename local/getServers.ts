import { obtainDatabase } from './database/obtain';
import { both } from './install/both';
import { interruption } from './processes/interruption';
import { terminalOrPlain } from './progress/terminalOrPlain';
import { tellProblems } from './tellProblems';
import { obtainTemporal } from './temporal/obtain';

/** `npm run servers`: gets both servers into the cache, so that what comes after starts at once. */
async function getServers(): Promise<void> {
  const progress = terminalOrPlain(process.stderr);
  const { TEMPORAL_ADDRESS, MONGODB_URI } = process.env;
  const [temporal, database] = await both(
    interruption(),
    async (signal) => (TEMPORAL_ADDRESS ? 'TEMPORAL_ADDRESS' : (await obtainTemporal({ progress, signal })).taken),
    async (signal) => (MONGODB_URI ? 'MONGODB_URI' : (await obtainDatabase({ progress, signal })).taken),
  );
  progress.note(`Temporal: ${temporal}`);
  progress.note(`Database: ${database}`);
}

void tellProblems(getServers);
