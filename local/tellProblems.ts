import { refusedWrite } from './errno';
import { CommandFailed } from './install/run';
import { Obstacle, Problem, problems } from './problems';
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
    console.error(inWords(error));
  }
}

/** What nobody foresaw is a mistake of ours and keeps its stack. */
function inWords(error: unknown): unknown {
  const known = asProblem(error);
  if (known instanceof Problem) return `\n${known.message}\n`;
  return known instanceof Obstacle ? `\n${[known.reason, known.remedy].filter(Boolean).join('\n  → ')}\n` : known;
}

function asProblem(error: unknown): unknown {
  if (error instanceof CommandFailed) return problems.commandFailed(error.message, error.tail);
  const refused = refusedWrite(error);
  return refused ? problems.folderUnusable(refused.path ?? 'a folder of ours', refused.code) : error;
}
