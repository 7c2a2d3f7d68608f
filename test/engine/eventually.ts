/** Waits until `check` stops throwing. @throws what it threw last, once `withinMs` are over */
export async function eventually<T>(check: () => T | Promise<T>, { withinMs = 60_000, everyMs = 200 } = {}): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
