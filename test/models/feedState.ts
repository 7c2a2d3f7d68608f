import { at } from './engine';

/** What of the pull feed is left out where it is false, to see what breaks. */
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

export interface Writer {
  at: 'idle' | 'tail' | 'settle' | 'list' | 'insert' | 'fence' | 'place';
  tail: number;
  message: number;
}

export interface State {
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

export const PURGED = -1;
export const NO_CURSOR = -1;
export const IDLE: Writer = { at: 'idle', tail: 0, message: -1 };

/** Tells a message its place. */
export function place(state: State, rules: Rules, message: number, position: number): void {
  const known = at(state.messages, message);
  if (known.position === 0 || !rules.placeIfUnplaced) known.position = position;
}

export const unplaced = (state: State): number => state.messages.findIndex(({ exists, position }) => exists && position === 0);

/** The newest entry that is there. */
export const tailOf = ({ entries }: State): number => entries.findLastIndex((message) => message !== PURGED) + 1;
