import { Obstacle, Problem } from './problems';
import { Interrupted } from './processes/interruption';

/** Runs a program's main function; what a person can mend is told without a stack. Sets the exit code. */
export async function tellProblems(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof Interrupted) {
      process.exitCode = error.exitCode;
      return;
    }
    process.exitCode = 1;
    console.error(error instanceof Problem || error instanceof Obstacle ? `\n${error.message}\n` : error);
  }
}
