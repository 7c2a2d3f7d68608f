const SOONEST_MS = 10;

/**
 * Waits until `check` stops throwing; it is asked again soon at first, then less and less often, `everyMs` apart in the end.
 * @throws what it threw last, once `withinMs` are over
 */
export async function eventually<T>(check: () => T | Promise<T>, { withinMs = 60_000, everyMs = 200 } = {}): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (let pauseMs = SOONEST_MS; ; pauseMs = Math.min(pauseMs * 1.5, everyMs)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
