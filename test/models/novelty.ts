import type { Breach, Model, Move } from './engine';
import { at } from './engine';
import type { Event, Publication } from './noveltyDays';
import { events, merge, publication } from './noveltyDays';
import { fresh, type Process, type Rules, type State, start, type World } from './noveltyWorld';

/**
 * Pulls of one connection overlap, die and wake up late, and yet every reading of news gets into exactly one `created` and every correction
 * into one `updated`.
 */
export function novelty(world: World, rules: Rules): Model<State> {
  const { answers, history = [], pulls } = world;
  const initial = start(world);

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
        process.at = 'read';
        if (!rules.recheckAfterFetch) process.looked = 'newest';
        return say(`fetches answer ${process.answer}`);
      case 'look':
        return say(look(state, process));
      case 'read':
        if (state.days.some(({ pullSeq }) => pullSeq > process.seq)) return stop(process, say('a newer pull was here: stops'));
        if (rules.publishBeforeMerge && state.days.some((day) => day.unpublished)) {
          publish(process, unpublished(state), 'read');
          return say('meets unpublished news');
        }
        // What it makes of them follows from what it read: it may as well be made now as when the look is back.
        process.writes = merge(state.days, at(answers, process.answer), { seq: process.seq, purpose: process.purpose, history, rules });
        if (process.looked === 'not yet') process.at = 'look';
        else afterTurn(process);
        return say('reads the days');
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

  /** Asked in one turn with the days, answered before them, between two tries, or after. */
  function look(state: State, process: Process): string {
    process.looked = state.pullSeq > process.seq ? 'overtaken' : 'newest';
    const said = process.looked === 'newest' ? 'is still the newest' : 'a newer pull has begun';
    if (process.at === 'look') afterTurn(process);
    return said;
  }

  function afterTurn(process: Process): void {
    if (process.looked === 'overtaken') stop(process, '');
    else afterWrites(process);
  }

  function writeOne(state: State, process: Process): string {
    const write = process.writes.shift();
    if (!write) throw new Error('nothing to write');
    const { day, next } = write;
    const stored = at(state.days, day);
    if (stored.version !== next.version - 1 || stored.pullSeq > process.seq) {
      process.writes = [];
      process.at = 'read';
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
        if (mayLookBeside(process))
          moves.push((draft) => `${process.purpose} pull ${process.seq}: ${look(draft, at(draft.processes, index))}`);
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
}

/** The days are being read for the first time, or what they held unpublished is published before they are read again. */
const mayLookBeside = ({ at: now, after, looked }: Process): boolean =>
  looked === 'not yet' && (now === 'read' || (now === 'publish' && after === 'read'));

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
