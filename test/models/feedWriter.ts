import { at } from './engine';
import { IDLE, PURGED, place, type Rules, type State, tailOf, unplaced, type Writer } from './feedState';

/** One step of appending one message. */
export function write(state: State, rules: Rules, writer: Writer, name: string): string {
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
      if (message !== PURGED && writer.tail > state.floor) place(state, rules, message, writer.tail);
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
      place(state, rules, writer.message, writer.tail + 1);
      return say(`tells m${writer.message}, which stands at ${at(state.messages, writer.message).position}`, 'idle');
  }
}
