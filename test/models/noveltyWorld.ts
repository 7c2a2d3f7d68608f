import { at } from './engine';
import type { Day, Publication, Write } from './noveltyDays';
import { publication } from './noveltyDays';

/**
 * The world of crash-safe novelty (design §2): the rules of the protocol in src/sync, each of which can be dropped, and a state whose steps are
 * single operations on the database or calls to Dexcom.
 */
export interface Rules {
  /** Who reads a day with unpublished news publishes it, then reads again. */
  readonly publishBeforeMerge: boolean;
  /**
   * After the fetch a pull looks at `pullSeq` once more, while it reads the days, and writes nothing if it is higher: writers are ordered as
   * their fetches.
   */
  readonly recheckAfterFetch: boolean;
  /** A pull that finds another one unfinished first puts its `pullSeq` on the days of that window … */
  readonly fenceUnfinished: boolean;
  /** … and on those that do not exist yet. */
  readonly fenceMissingDays: boolean;
  /** A reading whose time moves over midnight enters its new day before it leaves the old one. */
  readonly newDayFirst: boolean;
  /** A reading once announced is announced again when a backfill window changes it. */
  readonly announcedNeverSilent: boolean;
  /** Live pulls never reach below the windows that the backfill has done. */
  readonly liveStaysAboveHistory: boolean;
}

export const ALL_RULES: Rules = {
  publishBeforeMerge: true,
  recheckAfterFetch: true,
  fenceUnfinished: true,
  fenceMissingDays: true,
  newDayFirst: true,
  announcedNeverSilent: true,
  liveStaysAboveHistory: true,
};

export interface World {
  /** What Dexcom answers, one version after the other. */
  readonly answers: readonly Answer[];
  /** Which readings were measured before the consent. */
  readonly history?: readonly boolean[];
  readonly days: number;
  readonly pulls: readonly Purpose[];
  readonly reconciles: number;
  /** Readings of the first answer already stored and announced. */
  readonly announced?: readonly number[];
}

/** One entry per reading: its day and value, or null while it does not exist. */
export type Answer = readonly (readonly [day: number, value: number] | null)[];

export type Purpose = 'live' | 'backfill';

export interface Process {
  at: 'off' | 'begin' | 'fence' | 'find' | 'publish' | 'fetch' | 'read' | 'look' | 'write' | 'withdraw' | 'close' | 'dead';
  purpose: Purpose | 'reconcile';
  seq: number;
  answer: number;
  /** What it has seen of `pullSeq` since its fetch; it asks beside the first reading of the days. */
  looked: 'not yet' | 'newest' | 'overtaken';
  /** Days whose news is being published, as they were read, and what comes after. */
  outbox: Publication[];
  after: Process['at'];
  writes: Write[];
  /** News of the days written so far. */
  own: Publication[];
}

export interface State {
  answer: number;
  pullSeq: number;
  /** A pull has begun and not ended. */
  open: boolean;
  days: Day[];
  messages: string[];
  processes: Process[];
}

export const fresh = (purpose: Process['purpose'], at: Process['at']): Process => ({
  at,
  purpose,
  seq: 0,
  answer: -1,
  looked: 'not yet',
  outbox: [],
  after: 'dead',
  writes: [],
  own: [],
});

/** What the world is before anything has happened. */
export function start({ answers, days, pulls, reconciles, announced = [] }: World): State {
  const state: State = {
    answer: 0,
    pullSeq: 0,
    open: false,
    days: Array.from({ length: days }, () => ({ version: 0, pullSeq: 0, unpublished: false, readings: at(answers, 0).map(() => null) })),
    messages: [],
    processes: [...pulls.map((purpose) => fresh(purpose, 'off')), ...Array.from({ length: reconciles }, () => fresh('reconcile', 'off'))],
  };
  for (const id of announced) {
    const [day, value] = at(answers, 0)[id] ?? [];
    if (day === undefined || value === undefined) throw new Error(`reading ${id} is not in the first answer`);
    at(state.days, day).version = 1;
    at(state.days, day).readings[id] = { value, mark: 1, change: 'created' };
  }
  state.messages = state.days.flatMap((day, index) => publication(day, index).ids);
  return state;
}
