import type { Breach, Model, Move } from './engine';
import { at } from './engine';
import type { Day, Event, Publication, Write } from './noveltyDays';
import { events, merge, publication } from './noveltyDays';

/**
 * Crash-safe novelty (docs/architecture.md, "News"): pulls of one connection overlap, die and wake up late, and yet every reading of
 * news gets into exactly one `created` and every correction into one `updated`. The protocol itself is src/sync; a step here is
 * one operation on the database or one call to Dexcom.
 */
export interface Rules {
  /** Who reads a day with unpublished news publishes it, then reads again. */
  readonly publishBeforeMerge: boolean;
  /** After the fetch a pull looks at `pullSeq` once more and stops at a higher one: writers are ordered as their fetches. */
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

export interface Configuration {
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
interface Process {
  at: 'off' | 'begin' | 'fence' | 'find' | 'publish' | 'fetch' | 'recheck' | 'merge' | 'write' | 'withdraw' | 'close' | 'dead';
  purpose: Purpose | 'reconcile';
  seq: number;
  answer: number;
  /** Days whose news is being published, as they were read, and what comes after. */
  outbox: Publication[];
  after: Process['at'];
  writes: Write[];
  /** News of the days written so far. */
  own: Publication[];
}

interface State {
  answer: number;
  pullSeq: number;
  /** A pull has begun and not ended. */
  open: boolean;
  days: Day[];
  messages: string[];
  processes: Process[];
}

const fresh = (purpose: Process['purpose'], at: Process['at']): Process => ({
  at,
  purpose,
  seq: 0,
  answer: -1,
  outbox: [],
  after: 'dead',
  writes: [],
  own: [],
});

export function novelty(configuration: Configuration, rules: Rules): Model<State> {
  const { answers, history = [], pulls, reconciles, announced = [] } = configuration;
  const initial = start(configuration);

  /** Takes the process's next step. @returns what it did */
  function step(state: State, process: Process): string {
    const say = (what: string) => `${process.purpose} pull ${process.seq}: ${what}`;
    switch (process.at) {
      case 'begin':
        process.seq = ++state.pullSeq;
        process.at = rules.fenceUnfinished && state.open ? 'fence' : 'find';
        state.open = true;
        return say('begins');
      case 'fence':
        // Many operations there, one here: nothing is asked of it before the last has returned.
        for (const day of state.days) if (day.version > 0 || rules.fenceMissingDays) day.pullSeq = Math.max(day.pullSeq, process.seq);
        process.at = 'find';
        return say('puts its number on every day of the unfinished window');
      case 'find':
        publish(process, unpublished(state), process.purpose === 'reconcile' ? 'dead' : 'fetch');
        return say('looks for unpublished days');
      case 'publish':
        return say(publishOne(state, process));
      case 'fetch':
        process.answer = state.answer;
        process.at = rules.recheckAfterFetch ? 'recheck' : 'merge';
        return say(`fetches answer ${process.answer}`);
      case 'recheck':
        if (state.pullSeq > process.seq) return stop(process, say('a newer pull has begun: stops'));
        process.at = 'merge';
        return say('is still the newest');
      case 'merge':
        if (state.days.some(({ pullSeq }) => pullSeq > process.seq)) return stop(process, say('a newer pull was here: stops'));
        if (rules.publishBeforeMerge && state.days.some((day) => day.unpublished)) {
          publish(process, unpublished(state), 'merge');
          return say('meets unpublished news');
        }
        process.writes = merge(state.days, at(answers, process.answer), { seq: process.seq, purpose: process.purpose, history, rules });
        afterWrites(process);
        return say(`merges, ${process.writes.length} days to write`);
      case 'write':
        return say(writeOne(state, process));
      case 'withdraw':
      case 'close': {
        const how = process.at === 'close' ? 'closes' : 'has written nothing, withdraws';
        if (state.pullSeq === process.seq) state.open = false;
        return stop(process, say(how));
      }
      default:
        throw new Error(`no step at ${process.at}`);
    }
  }

  function writeOne(state: State, process: Process): string {
    const write = process.writes.shift();
    if (!write) throw new Error('nothing to write');
    const { day, next } = write;
    const stored = at(state.days, day);
    if (stored.version !== next.version - 1 || stored.pullSeq > process.seq) {
      process.writes = [];
      process.at = 'merge';
      return `day ${day} is not as read: reads again`;
    }
    state.days[day] = next;
    if (next.unpublished) process.own.push(publication(next, day));
    afterWrites(process);
    return `writes day ${day} version ${next.version}`;
  }

  function afterWrites(process: Process): void {
    if (process.writes.length > 0) process.at = 'write';
    else publish(process, process.own.splice(0), 'close');
  }

  function heal(state: State): void {
    state.answer = answers.length - 1;
    const run = (process: Process) => {
      for (let steps = 0; process.at !== 'dead'; steps++) {
        if (steps > 200) throw new Error('the healing steps do not end');
        step(state, process);
      }
    };
    if (history.length > 0) run(fresh('backfill', 'begin'));
    run(fresh('live', 'begin'));
    run(fresh('reconcile', 'find'));
  }

  return {
    initial,

    moves(state) {
      const moves: Move<State>[] = [];
      if (state.answer < answers.length - 1) moves.push((draft) => `Dexcom goes on to answer ${++draft.answer}`);
      state.processes.forEach((process, index) => {
        if (process.at === 'dead') return;
        if (process.at === 'fetch')
          moves.push((draft) => {
            at(draft.processes, index).at = 'withdraw';
            return `${process.purpose} pull ${process.seq}: its fetch fails`;
          });
        if (process.at !== 'off') moves.push((draft) => step(draft, at(draft.processes, index)));
        else if (index === 0 || state.processes[index - 1]?.at !== 'off' || index === pulls.length)
          moves.push((draft) => {
            const begun = at(draft.processes, index);
            begun.at = begun.purpose === 'reconcile' ? 'find' : 'begin';
            return step(draft, begun);
          });
      });
      return moves;
    },

    broken(state) {
      if (pulls.length > 0 && state.processes[0]?.at === 'off') return [];
      heal(state);
      const told = state.messages.flatMap(events);
      const before = initial.messages.flatMap(events);
      const wrong: (string | false)[] = [state.days.some((day) => day.unpublished) && 'nothing stays unpublished'];
      const contents = new Map(told.map(({ day, version, change, id, value }) => [`${day} ${version} ${change} ${id}`, value]));
      wrong.push(contents.size < told.length && 'one version is told once');

      at(answers, answers.length - 1).forEach((served, id) => {
        if (!served) return;
        const [day, value] = served;
        const story = told.filter((event) => event.id === id).sort((a, b) => a.version - b.version);
        const created = story.filter(({ change }) => change === 'created').length;
        const stored = state.days.map(({ readings }) => readings[id]?.value ?? null);
        wrong.push(stored.some((held, index) => held !== (index === day ? value : null)) && 'what is stored is the latest, once');
        wrong.push(story.length > 0 && story.at(-1)?.value !== value && 'no announced value changes silently');
        if (history[id]) {
          wrong.push(created > before.filter((event) => event.id === id).length && 'history is silent');
          return;
        }
        wrong.push(created === 0 && 'every reading of news is told');
        wrong.push(created > 1 && 'no reading is created twice');
        wrong.push(goesBack(story, id) && 'no old value comes back');
      });
      return wrong
        .filter((invariant) => invariant !== false)
        .map((invariant): Breach => ({ invariant, detail: JSON.stringify({ messages: state.messages, days: state.days }) }));
    },
  };

  function goesBack(story: readonly Event[], id: number): boolean {
    const values = answers.map((answer) => answer[id]?.[1]);
    let reached = 0;
    return story.some(({ value }) => {
      reached = values.indexOf(value, reached);
      return reached < 0;
    });
  }

  function start({ days: count }: Configuration): State {
    const state: State = {
      answer: 0,
      pullSeq: 0,
      open: false,
      days: Array.from({ length: count }, () => ({ version: 0, pullSeq: 0, unpublished: false, readings: at(answers, 0).map(() => null) })),
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
}

const unpublished = (state: State): Publication[] => state.days.flatMap((day, index) => (day.unpublished ? [publication(day, index)] : []));

function publish(process: Process, outbox: Publication[], after: Process['at']): void {
  if (outbox.length === 0) {
    proceed(process, after);
    return;
  }
  process.outbox = outbox;
  process.after = after;
  process.at = 'publish';
}

/** Inserts one message if absent, or ends a day's publication by an update that names the version. */
function publishOne(state: State, process: Process): string {
  const [first] = process.outbox;
  if (!first) throw new Error('nothing to publish');
  const id = first.ids.shift();
  if (id !== undefined) {
    if (!state.messages.includes(id)) state.messages = [...state.messages, id].sort();
    return `inserts message ${id}`;
  }
  const day = at(state.days, first.day);
  if (day.version === first.version) day.unpublished = false;
  process.outbox.shift();
  if (process.outbox.length === 0) proceed(process, process.after);
  return `clears "unpublished" of day ${first.day} if still version ${first.version}`;
}

function proceed(process: Process, to: Process['at']): void {
  process.after = 'dead';
  if (to === 'dead') stop(process, '');
  else process.at = to;
}

/** A process that has ended holds nothing, so that states which differ only in the dead are one. */
function stop(process: Process, said: string): string {
  Object.assign(process, fresh(process.purpose, 'dead'));
  return said;
}
