/** Somebody asked us to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly by: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${by}`);
  }

  /** As shells count it. */
  get exitCode(): number {
    return this.by === 'SIGINT' ? 130 : 143;
  }
}

/** Aborted by the first Ctrl-C or SIGTERM; from then on either ends us at once. */
export function interruption(): AbortSignal {
  const stop = new AbortController();
  const by = (signal: 'SIGINT' | 'SIGTERM') => () => stop.abort(new Interrupted(signal));
  process.once('SIGINT', by('SIGINT'));
  process.once('SIGTERM', by('SIGTERM'));
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
