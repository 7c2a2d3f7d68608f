import { Problem } from '../local/problems';
import { startSuiteServers, stopSuiteServers } from './suiteServers';

/** Throw-away servers for the whole suite where the environment names none, on free ports: nothing of a running `npm start` is touched. */
export default async function globalSetup(): Promise<void> {
  const ended = async (code: number): Promise<never> => {
    await stopSuiteServers();
    process.exit(code);
  };
  process.once('SIGINT', () => void ended(130));
  process.once('SIGTERM', () => void ended(143));

  try {
    await startSuiteServers();
  } catch (error) {
    await stopSuiteServers();
    if (!(error instanceof Problem)) throw error;
    console.error(`\n${error.message}\n`);
    process.exit(1);
  }
}
