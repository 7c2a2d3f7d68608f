import { plainProgress } from './plain';
import type { Progress } from './progress';
import { terminalProgress } from './terminal';

/** Bars on a terminal, lines anywhere else. */
export function terminalOrPlain(out: NodeJS.WriteStream): Progress {
  return out.isTTY ? terminalProgress(out) : plainProgress((line) => void out.write(`${line}\n`));
}
