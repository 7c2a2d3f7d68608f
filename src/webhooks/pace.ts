/** Spaces calls out to at most `perSecond`. @returns waits until the caller's turn */
export function createPace(perSecond: number): () => Promise<void> {
  const gapMs = 1_000 / perSecond;
  let nextAt = 0;
  return async () => {
    const now = Date.now();
    const turn = Math.max(now, nextAt);
    nextAt = turn + gapMs;
    if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now));
  };
}
