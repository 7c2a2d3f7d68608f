import { Problem } from '../local/problems';
import { Interrupted, interruption } from '../local/processes/interruption';
import { compilePrograms } from './compilePrograms';
import { startSuiteServers, stopSuiteServers } from './suiteServers';

/**
 * Throw-away servers for the whole suite where the environment names none, on free ports: nothing of a running `npm start` is touched.
 * Then our programs, compiled for the tests that start them.
 */
export default async function globalSetup(): Promise<void> {
  const asked = interruption();
  asked.addEventListener('abort', () => {
    const code = asked.reason instanceof Interrupted ? asked.reason.exitCode : 1;
    void stopSuiteServers().finally(() => process.exit(code));
  });

  try {
    await startSuiteServers(asked);
    process.env.CONTINUO_COMPILED = await compilePrograms();
  } catch (error) {
    await stopSuiteServers();
    if (!(error instanceof Problem)) throw error;
    console.error(`\n${error.message}\n`);
    process.exit(1);
  }
}
