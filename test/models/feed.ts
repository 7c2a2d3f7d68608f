import type { Breach, Model, Move } from './engine';
import { at } from './engine';

/**
 * The pull feed (design §4): messages get their places after the fact, by any number of writers at once, and a reader follows its cursor.
 * Readers append as writers do. The protocol is src/feed; each step is one read or one write of the database.
 */
export interface Rules {
  /** A position is taken by whoever inserts first; otherwise the last one overwrites. */
  readonly insertOnce: boolean;
  /** A message gets a place only if it has none. */
  readonly placeIfUnplaced: boolean;
  /** A reader finishes an entry whose message has no place yet; otherwise it passes it over. */
  readonly finishBeforePassing: boolean;
  /** A reader passes over entries whose message stands elsewhere. */
  readonly passOverVoid: boolean;
  /** A reader appends what has no place before it says that there is no more. */
  readonly readersAppend: boolean;
  /** A writer finishes the newest entry before it puts one behind it. */
  readonly finishTail: boolean;
  /** The purge says first up to where it removes, and nobody gives a message a place there. */
  readonly floor: boolean;
  /** Who begins asks for the newest entry before it searches for the first of its time; otherwise after that, if it finds none. */
  readonly newestFirst: boolean;
  /** A cursor carries the nonce of the entry it stands behind, and has expired where another stands there; otherwise its position alone counts. */
  readonly nonce: boolean;
}

export const ALL_RULES: Rules = {
  insertOnce: true,
  placeIfUnplaced: true,
  finishBeforePassing: true,
  passOverVoid: true,
  readersAppend: true,
  finishTail: true,
  floor: true,
  newestFirst: true,
  nonce: true,
};

export interface World {
  readonly messages: number;
  readonly writers: number;
  /** How often a writer begins. */
  readonly appends: number;
  /** How often the reader asks; while it is at it, its request may die and be sent again. */
  readonly requests: number;
  /** The reader has no cursor yet: it begins with an instant that no message is older than. */
  readonly begins?: boolean;
  /** How often what has been read is purged. */
  readonly purges?: number;
  /** How often the database is restored from a backup, which may be without the newest entries, and without their messages. */
  readonly restores?: number;
}

interface Writer {
  at: 'idle' | 'tail' | 'settle' | 'list' | 'insert' | 'fence' | 'place';
  tail: number;
  message: number;
}

interface State {
  messages: { exists: boolean; position: number }[];
  /** Which message stands at each position from 1 on. */
  entries: number[];
  /** Of each entry: in which life of the database it was inserted. A nonce tells as much. */
  nonces: number[];
  /** How often it has been restored. */
  life: number;
  restores: number;
  writers: Writer[];
  appends: number;
  reader: {
    at: 'idle' | 'newest' | 'search' | 'look' | 'check' | 'fence' | 'finish' | 'append';
    cursor: number;
    /** Of the entry its cursor, or what it is at, stands behind. */
    cursorNonce: number;
    nonce: number;
    /** Of the entry it is at, and of the last one it knows of. */
    position: number;
    end: number;
    given: number[];
    own: Writer;
  };
  requests: number;
  purges: number;
  /** Up to where entries are removed, or about to be. */
  floor: number;
  /** Up to where the purge under way removes. */
  purging: number;
  /** What the reader's app has, in order. */
  seen: number[];
  /** It was told that its cursor is no good, and has begun anew: by their ids it knows what it has. */
  told: boolean;
}

const PURGED = -1;
const NO_CURSOR = -1;
const IDLE: Writer = { at: 'idle', tail: 0, message: -1 };

export function feed(world: World, rules: Rules): Model<State> {
  const place = (state: State, message: number, position: number): void => {
    const known = at(state.messages, message);
    if (known.position === 0 || !rules.placeIfUnplaced) known.position = position;
  };
  const unplaced = (state: State): number => state.messages.findIndex(({ exists, position }) => exists && position === 0);
  /** The newest entry that is there. */
  const tailOf = ({ entries }: State): number => entries.findLastIndex((message) => message !== PURGED) + 1;

  /** One step of appending one message. */
  function write(state: State, writer: Writer, name: string): string {
    const say = (what: string, next: Writer['at']): string => {
      writer.at = next;
      if (next === 'idle') Object.assign(writer, IDLE);
      return `${name} ${what}`;
    };
    switch (writer.at) {
      case 'idle':
      case 'tail':
        writer.tail = tailOf(state);
        return say(`reads that the newest entry is ${writer.tail}`, writer.tail === 0 || !rules.finishTail ? 'list' : 'settle');
      case 'settle': {
        const message = state.entries[writer.tail - 1] ?? PURGED;
        if (message !== PURGED && writer.tail > state.floor) place(state, message, writer.tail);
        return say(`finishes entry ${writer.tail}`, 'list');
      }
      case 'list':
        writer.message = unplaced(state);
        return say(`finds m${writer.message} without a place`, writer.message === -1 ? 'idle' : 'insert');
      case 'insert': {
        const index = writer.tail;
        const isFree = state.entries[index] === undefined || state.entries[index] === PURGED;
        if (!isFree && rules.insertOnce) return say(`finds position ${index + 1} taken`, 'tail');
        while (state.entries.length < index) state.entries.push(PURGED);
        state.entries[index] = writer.message;
        state.nonces[index] = state.life;
        return say(`puts m${writer.message} at ${index + 1}`, 'fence');
      }
      case 'fence':
        return say(`reads the floor ${state.floor}`, writer.tail + 1 > state.floor ? 'place' : 'idle');
      case 'place':
        place(state, writer.message, writer.tail + 1);
        return say(`tells m${writer.message}, which stands at ${at(state.messages, writer.message).position}`, 'idle');
    }
  }

  function read(state: State): string {
    const { reader } = state;
    switch (reader.at) {
      case 'idle':
        Object.assign(reader, { at: 'look', position: reader.cursor, nonce: reader.cursorNonce, given: [], own: { ...IDLE } });
        if (reader.cursor === NO_CURSOR) reader.at = rules.newestFirst ? 'newest' : 'search';
        return `the reader asks for what comes after ${reader.cursor}`;
      case 'newest':
        reader.end = tailOf(state);
        if (rules.newestFirst) reader.at = 'search';
        else Object.assign(reader, { at: 'look', position: reader.end });
        return `the reader, who begins, sees that the newest entry is ${reader.end}`;
      case 'search': {
        const first = state.entries.findIndex((message) => message !== PURGED);
        if (first === -1 && !rules.newestFirst) reader.at = 'newest';
        else Object.assign(reader, { at: 'look', position: first === -1 ? reader.end : first });
        return `the reader, who begins, finds the first entry at ${first + 1}`;
      }
      case 'look':
        reader.end = tailOf(state);
        if (reader.position > reader.end || (rules.nonce && reader.position > 0 && state.nonces[reader.position - 1] !== reader.nonce)) {
          Object.assign(reader, { at: 'idle', cursor: 0 });
          state.told = true;
          return `the reader is told that what it stands behind, ${reader.position}, is not there`;
        }
        if (reader.end > reader.position) {
          reader.position++;
          reader.at = 'check';
          return `the reader sees entries up to ${reader.end}`;
        }
        if (rules.readersAppend && unplaced(state) !== -1) {
          reader.at = 'append';
          return 'the reader sees no more, but a message without a place';
        }
        return answer(state);
      case 'check': {
        const message = at(state.entries, reader.position - 1);
        const position = message === PURGED ? PURGED : at(state.messages, message).position;
        if (position === 0 && rules.finishBeforePassing) {
          reader.at = 'fence';
          return `the reader sees that entry ${reader.position} is unfinished`;
        }
        if (position === reader.position || (position > 0 && !rules.passOverVoid)) reader.given.push(message);
        reader.nonce = at(state.nonces, reader.position - 1);
        if (reader.position < reader.end) reader.position++;
        else reader.at = 'look';
        return `the reader has looked at an entry of m${message}, which stands at ${position}`;
      }
      case 'fence':
        reader.at = reader.position > state.floor ? 'finish' : 'idle';
        return `the reader reads the floor ${state.floor}`;
      case 'finish':
        place(state, at(state.entries, reader.position - 1), reader.position);
        reader.at = 'check';
        return `the reader finishes entry ${reader.position}`;
      case 'append': {
        const said = write(state, reader.own, 'the reader');
        if (reader.own.at === 'idle') reader.at = 'look';
        return said;
      }
    }
  }

  function answer(state: State): string {
    const { reader } = state;
    state.seen.push(...reader.given);
    Object.assign(reader, {
      at: 'idle',
      cursor: reader.position,
      cursorNonce: reader.nonce,
      position: 0,
      nonce: 0,
      end: 0,
      given: [],
      own: { ...IDLE },
    });
    return `the reader is answered and stands at ${reader.cursor}`;
  }

  /** Removes what the reader has had, but for the last of it, in two steps. */
  function purge(state: State): string {
    if (state.purging === 0) {
      state.purges--;
      state.purging = state.reader.cursor - 1;
      if (rules.floor) state.floor = Math.max(state.floor, state.purging);
      return `the purge is about to remove entries up to ${state.purging}`;
    }
    for (let index = 0; index < state.purging; index++) {
      state.entries[index] = PURGED;
      state.nonces[index] = PURGED;
    }
    state.purging = 0;
    return 'the purge has removed them';
  }

  /** As a backup has it that ends with entry `end`. All processes have ended. */
  function restore(state: State, end: number, withMessages: boolean): string {
    state.restores--;
    state.life++;
    state.entries.length = end;
    state.nonces.length = end;
    for (const message of state.messages)
      if (message.position > end || (message.position === 0 && !withMessages))
        Object.assign(message, { exists: withMessages, position: 0 });
    for (const writer of state.writers) Object.assign(writer, IDLE);
    Object.assign(state.reader, { at: 'idle', own: { ...IDLE } });
    return `the database is restored from a backup that ends with entry ${end}, ${withMessages ? 'and has' : 'without'} the messages after it`;
  }

  function moves(state: State): readonly Move<State>[] {
    const found: Move<State>[] = [];
    for (const [index, { exists }] of state.messages.entries())
      if (!exists)
        found.push((draft) => {
          at(draft.messages, index).exists = true;
          return `m${index} is recorded`;
        });
    for (const [index, writer] of state.writers.entries()) {
      if (writer.at === 'idle' && state.appends === 0) continue;
      found.push((draft) => {
        const mine = at(draft.writers, index);
        if (mine.at === 'idle') draft.appends--;
        return write(draft, mine, `writer ${index}`);
      });
    }
    if (state.reader.at !== 'idle') found.push(read);
    if (state.requests > 0)
      found.push((draft) => {
        draft.requests--;
        const died = draft.reader.at !== 'idle';
        draft.reader.at = 'idle';
        return `${died ? 'its request dies; ' : ''}${read(draft)}`;
      });
    if (state.purging > 0 || (state.purges > 0 && state.reader.cursor > 1)) found.push(purge);
    if (state.restores > 0)
      for (let end = 0; end < tailOf(state); end++)
        for (const withMessages of [true, false]) found.push((draft) => restore(draft, end, withMessages));
    return found;
  }

  /** Everybody is dead; then the reader asks again, or those who slept wake up before or after that. */
  function broken(state: State): readonly Breach[] {
    return ['nobody wakes', 'the writers wake before', 'the writers wake after'].flatMap((story) => {
      const draft: State = structuredClone(state);
      if (story === 'the writers wake before') wake(draft);
      ask(draft);
      if (story === 'the writers wake after') wake(draft);
      ask(draft);
      return breachesOf(draft, story);
    });
  }

  function wake(state: State): void {
    for (const [index, writer] of state.writers.entries())
      for (let steps = 0; writer.at !== 'idle' && steps < 50; steps++) write(state, writer, `writer ${index}`);
  }

  function ask(state: State): void {
    state.reader.at = 'idle';
    read(state);
    for (let steps = 0; state.reader.at !== 'idle' && steps < 100; steps++) read(state);
  }

  const breachesOf = ({ messages, seen, told }: State, story: string): readonly Breach[] =>
    messages.flatMap(({ exists }, index) => {
      const times = seen.filter((message) => message === index).length;
      if (!exists || times === 1 || (told && times > 1)) return [];
      const invariant = times === 0 ? 'every message is read' : 'no message is read twice';
      return [{ invariant, detail: `m${index}, ${times} times; ${story}` }];
    });

  return {
    initial: {
      messages: Array.from({ length: world.messages }, () => ({ exists: false, position: 0 })),
      entries: [],
      nonces: [],
      life: 0,
      restores: world.restores ?? 0,
      writers: Array.from({ length: world.writers }, () => ({ ...IDLE })),
      appends: world.appends,
      reader: {
        at: 'idle',
        cursor: world.begins ? NO_CURSOR : 0,
        cursorNonce: 0,
        position: 0,
        nonce: 0,
        end: 0,
        given: [],
        own: { ...IDLE },
      },
      requests: world.requests,
      purges: world.purges ?? 0,
      floor: 0,
      purging: 0,
      seen: [],
      told: false,
    },
    moves,
    broken,
  };
}
