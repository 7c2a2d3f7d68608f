/** Works through all of them, a few at a time, each begun in its turn. @throws what went wrong first */
export async function inLanes<T, Done>(all: readonly T[], lanes: number, work: (one: T) => Promise<Done>): Promise<Done[]> {
  const done: Done[] = [];
  const left = all.entries();
  const lane = async (): Promise<void> => {
    for (const [n, one] of left) done[n] = await work(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}
