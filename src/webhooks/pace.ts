/** Spaces calls out to at most as many a second as `perSecond` says at the time. @returns waits until the caller's turn */
export function createPace(perSecond: () => number): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const now = Date.now();
    const turn = Math.max(now, nextAt);
    nextAt = turn + 1_000 / perSecond();
    if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now));
  };
}
