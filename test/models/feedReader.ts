import { at } from './engine';
import { IDLE, NO_CURSOR, PURGED, place, type Rules, type State, tailOf, unplaced } from './feedState';
import { write } from './feedWriter';

/** One step of the reader's, who asks for what comes after its cursor. */
export function read(state: State, rules: Rules): string {
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
      place(state, rules, at(state.entries, reader.position - 1), reader.position);
      reader.at = 'check';
      return `the reader finishes entry ${reader.position}`;
    case 'append': {
      const said = write(state, rules, reader.own, 'the reader');
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
