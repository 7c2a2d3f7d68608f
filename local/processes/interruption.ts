import { constants } from 'node:os';

/** Ctrl-C, `kill`, and a terminal that was closed. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

/** Somebody asked us to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly by: StopSignal) {
    super(`stopped by ${by}`);
  }

  /** As shells count it. */
  get exitCode(): number {
    return 128 + constants.signals[this.by];
  }
}

/** npm passes Ctrl-C on to us, who have had it from the terminal already: so soon after the first it is no second wish. */
const ECHO_MS = 1_000;

/** Aborted by the first of these signals; another one, later, ends us at once. */
export function interruption(): AbortSignal {
  const stop = new AbortController();
  let firstAt: number | null = null;
  const asked = (by: StopSignal): void => {
    if (firstAt !== null && Date.now() - firstAt > ECHO_MS) process.exit(new Interrupted(by).exitCode);
    firstAt ??= Date.now();
    stop.abort(new Interrupted(by));
  };
  for (const signal of STOP_SIGNALS) process.on(signal, asked);
  // A closed terminal takes no more text; what has to be stopped is stopped all the same.
  for (const out of [process.stdout, process.stderr]) out.on('error', () => undefined);
  return stop.signal;
}

/** @throws what the signal was aborted with, once it is */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // A pending promise alone does not keep a process alive.
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      reject(signal.reason);
    });
  });
}
