interface Caller<Item, Outcome> {
  readonly item: Item;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
}

/** So that no turn grows without bound. */
const MOST_ITEMS = 100;
/** After so long a turn is waited for no more: whatever holds it up need not hold up the others. */
const PATIENCE_MS = 100;

/**
 * Lets callers of one team share turns of the database: who asks while none is under way has one at once, alone; who asks meanwhile goes together
 * with the others in the next. A turn begun earlier does not count: each is answered by one that began after it had asked.
 * @param take asks for all that goes in one turn; what it throws, each of them throws
 */
export function sharedTurns<Item, Outcome>(
  take: (teamId: string, items: readonly Item[]) => Promise<Outcome>,
): (teamId: string, item: Item) => Promise<Outcome> {
  const lines = new Map<string, Caller<Item, Outcome>[]>();

  async function serve(teamId: string, line: Caller<Item, Outcome>[]): Promise<void> {
    while (line.length > 0) await overOrLate(turnFor(teamId, line.splice(0, MOST_ITEMS)));
    lines.delete(teamId);
  }

  async function turnFor(teamId: string, callers: readonly Caller<Item, Outcome>[]): Promise<void> {
    try {
      const items = callers.map(({ item }) => item);
      const outcome = await take(teamId, items);
      for (const { resolve } of callers) resolve(outcome);
    } catch (error) {
      for (const { reject } of callers) reject(error);
    }
  }

  return (teamId, item) =>
    new Promise((resolve, reject) => {
      const caller = { item, resolve, reject };
      const line = lines.get(teamId);
      if (line) {
        line.push(caller);
        return;
      }
      const opened = [caller];
      lines.set(teamId, opened);
      void serve(teamId, opened);
    });
}

function overOrLate(turn: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PATIENCE_MS);
    void turn.then(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
