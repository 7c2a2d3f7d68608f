import { setTimeout as sleep } from 'node:timers/promises';

/** @throws what the signal was aborted with: the timer's own error would hide it */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
