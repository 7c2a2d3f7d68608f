import { lock } from 'proper-lockfile';
import { errnoOf } from '../errno';
import { pause } from '../processes/pause';

/** A killed holder is noticed after this long. */
const STALE_MS = 15_000;

export interface InstallLock {
  /** Aborted if another run has taken the lock from us, which happens to a suspended machine. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Waits its turn. @param onWait told once, if there is somebody to wait for */
export async function lockInstall(place: string, signal: AbortSignal, onWait: () => void): Promise<InstallLock> {
  const lost = new AbortController();
  const options = { realpath: false, stale: STALE_MS, update: STALE_MS / 5, onCompromised: (error: Error) => lost.abort(error) };

  for (let tries = 0; ; tries++) {
    signal.throwIfAborted();
    try {
      const release = await lock(place, options);
      return { lost: lost.signal, release: () => (lost.signal.aborted ? Promise.resolve() : release()) };
    } catch (error) {
      if (errnoOf(error) !== 'ELOCKED') throw error;
    }
    if (tries === 0) onWait();
    await pause(500, signal);
  }
}
