import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until the answer is true. @returns whether it came in time */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 50 }: { withinMs: number; everyMs?: number },
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() >= deadline) return false;
    await sleep(everyMs);
  }
  return true;
}
