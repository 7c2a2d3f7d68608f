import type { Breach, Model, Move } from './engine';
import { at } from './engine';
import { read } from './feedReader';
import { IDLE, NO_CURSOR, PURGED, type Rules, type State, tailOf, type World } from './feedState';
import { write } from './feedWriter';

/**
 * The pull feed (design §4): messages get their places after the fact, by any number of writers at once, and a reader follows its cursor.
 * Readers append as writers do. The protocol is src/feed; each step is one read or one write of the database.
 */
export function feed(world: World, rules: Rules): Model<State> {
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
        return write(draft, rules, mine, `writer ${index}`);
      });
    }
    if (state.reader.at !== 'idle') found.push((draft) => read(draft, rules));
    if (state.requests > 0)
      found.push((draft) => {
        draft.requests--;
        const died = draft.reader.at !== 'idle';
        draft.reader.at = 'idle';
        return `${died ? 'its request dies; ' : ''}${read(draft, rules)}`;
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
      for (let steps = 0; writer.at !== 'idle' && steps < 50; steps++) write(state, rules, writer, `writer ${index}`);
  }

  function ask(state: State): void {
    state.reader.at = 'idle';
    read(state, rules);
    for (let steps = 0; state.reader.at !== 'idle' && steps < 100; steps++) read(state, rules);
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
