/** After so long a read is waited with no more: whatever holds it up need not hold up the others. */
const PATIENCE_MS = 100;

interface Turn<Found> {
  readonly ended: Promise<void>;
  /** Those who came since, to be read when it has ended. */
  next: { readonly ids: Set<string>; readonly found: Promise<ReadonlyMap<string, Found>> } | null;
}

/**
 * Lets those who read by id share reads: who asks while one of their team is under way waits for its end, and all who have come meanwhile are
 * read together. A read begun earlier does not count: each is answered by one that began after they had asked, so nobody is told what was
 * true before they came. Nobody waits while no read is under way.
 * @param read all that are there of these ids, by id; no id twice
 * @returns what is there for one id, null if nothing. @throws whatever `read` threw, for all who were read together
 */
export function readsTogether<Found>(
  read: (teamId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
): (teamId: string, id: string) => Promise<Found | null> {
  const underWay = new Map<string, Turn<Found>>();

  return async (teamId, id) => (await turnOf(teamId, id)).get(id) ?? null;

  function turnOf(teamId: string, id: string): Promise<ReadonlyMap<string, Found>> {
    const turn = underWay.get(teamId);
    if (!turn) return begin(teamId, [id]);
    if (!turn.next) {
      const ids = new Set<string>();
      turn.next = { ids, found: turn.ended.then(() => begin(teamId, [...ids])) };
    }
    turn.next.ids.add(id);
    return turn.next.found;
  }

  function begin(teamId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Found>> {
    const found = read(teamId, ids);
    const turn: Turn<Found> = { ended: settledOrLate(found), next: null };
    underWay.set(teamId, turn);
    void turn.ended.then(() => {
      if (!turn.next) underWay.delete(teamId);
    });
    return found;
  }
}

function settledOrLate(read: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PATIENCE_MS);
    const settled = (): void => {
      clearTimeout(late);
      resolve();
    };
    read.then(settled, settled);
  });
}
