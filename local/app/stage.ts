import type { Home } from '../home/home';
import type { StartOptions } from '../options';
import type { Progress } from '../progress/progress';
import type { Stack } from '../stack';

/** What every step of a start has at hand. */
export interface Stage {
  readonly home: Home;
  readonly options: StartOptions;
  readonly progress: Progress;
  readonly stack: Stack;
  /** Aborted by Ctrl-C, and when something is lost. */
  readonly signal: AbortSignal;
  /** Something we cannot do without has ended. */
  readonly onLost: (error: unknown) => void;
}
