import type { EgvAnswer } from '../dexcom/client';
import { windowsOf } from '../freshness/backfillWindows';
import type { Window } from '../storage/connectionDoc';
import type { Pull } from './beginPull';
import { currentGrant } from './currentGrant';
import type { SyncDeps } from './deps';
import { fetchWindow } from './fetchWindow';
import { publishUnpublished } from './publishNews';

/** One window of a pull, fetched and not written yet. */
export interface Slice {
  readonly window: Window;
  /** When Dexcom was asked. */
  readonly lookedAt: number;
  readonly answer: EgvAnswer;
  /** The pull ends with it. */
  readonly isLast: boolean;
}

/**
 * What a pull does before it writes a day, but for saying that one is published: fetches its windows, newest first, each while the one before
 * it is being stored, so that two are in memory and never three. A stretch of history ends where one more window would take it past its time,
 * or past the next live poll.
 *
 * Leaving it ends the fetch that nobody waits for any more.
 * @throws SyncFailure; the signal's reason if it is aborted
 */
export async function* fetchSlices(deps: SyncDeps, pull: Pull): AsyncGenerator<Slice, void, void> {
  const [grant] = await Promise.all([currentGrant(deps, pull.connection), publishUnpublished(deps, pull.connection)]);
  const left = new AbortController();
  const signal = AbortSignal.any([pull.request.signal, left.signal]);
  const hasTimeFor = clockOf(pull);

  const fetchNext = ({ value: window }: IteratorResult<Window, void>) => {
    if (!window) return null;
    const lookedAt = Date.now();
    const fetching = fetchWindow(deps, pull, { grant, window, signal }).then((answer) => ({ window, lookedAt, answer }));
    // Its failure is met where it is waited for, or by nobody.
    fetching.catch(() => undefined);
    return fetching;
  };

  const windows = windowsIn(pull);
  let ahead = fetchNext(windows.next());
  try {
    for (let fetched = 1; ahead; fetched++) {
      const slice = await ahead;
      ahead = hasTimeFor(fetched) ? fetchNext(windows.next()) : null;
      yield { ...slice, isLast: ahead === null };
    }
  } finally {
    left.abort();
    await Promise.allSettled([ahead]);
  }
}

/** History in windows that Dexcom takes; any other pull is one. */
function windowsIn({ request: { purpose, policy }, window }: Pull): Iterator<Window, void> {
  return purpose === 'backfill' ? windowsOf(window, policy.longestWindowMs) : [window].values();
}

/** Says whether there is time for another window, given how long those `fetched` took: it must be fetched and, like the last one, stored. */
function clockOf({ request: { policy, yieldAt = Infinity } }: Pull): (fetched: number) => boolean {
  const begunAt = Date.now();
  const stopAt = Math.min(begunAt + policy.stretchMs, yieldAt);
  return (fetched) => {
    const now = Date.now();
    return now + (2 * (now - begunAt)) / fetched <= stopAt;
  };
}
