import type { Breach, Model, Move } from './engine';
import { at } from './engine';

/**
 * One link session, many callbacks (design §3): open → exchanging → consumed, each step filtered by the claim it
 * belongs to. Two tabs, reloads, slow exchanges and deaths, and yet one session gives one grant. The protocol is src/connect; the updates are
 * those of src/storage/linkSessions.ts and linkConsents.ts.
 */
export interface Rules {
  /** The session is consumed, holding the tokens, before the grant is stored by whoever meets it; otherwise the grant comes first. */
  readonly consumeFirst: boolean;
  /** Only the claim that stands consumes or reopens the session. */
  readonly heldClaimOnly: boolean;
  /** A code that was claimed once is never sent again. */
  readonly spentCodes: boolean;
  /** A claim whose lease ran out is taken over. */
  readonly takeOver: boolean;
}

export const ALL_RULES: Rules = { consumeFirst: true, heldClaimOnly: true, spentCodes: true, takeOver: true };

export interface World {
  /** The code that each callback brings. */
  readonly callbacks: readonly string[];
  /** Exchanges that Dexcom fails. */
  readonly failures: number;
}

type Answer = 'connected' | 'consumed by another code' | 'failed' | 'busy';

interface Callback {
  at: 'off' | 'claim' | 'exchange' | 'store' | 'consume' | 'settle' | 'finish' | 'reopen' | 'done';
  code: string;
  nonce: number;
  waited: boolean;
}

interface State {
  session:
    | { step: 'open' }
    | { step: 'exchanging'; code: string; nonce: number; expired: boolean }
    | { step: 'consumed'; code: string; unfinished: boolean };
  spent: string[];
  nonces: number;
  callbacks: Callback[];
  /** The codes Dexcom was sent, and those it took. */
  sent: string[];
  taken: string[];
  failures: number;
  /** The code that the grant came of, and all that ever stood there. */
  grant: string | null;
  grants: string[];
  answers: (readonly [code: string, answer: Answer])[];
}

type Go = (what: string, next: Callback['at']) => string;
type Give = (what: string, given: Answer) => string;

export function linkSession(world: World, rules: Rules): Model<State> {
  function step(state: State, callback: Callback): string {
    const { session } = state;
    const held = !rules.heldClaimOnly || (session.step === 'exchanging' && session.nonce === callback.nonce);
    const go: Go = (what, next) => {
      callback.at = next;
      return what;
    };
    const answer: Give = (what, given) => {
      state.answers.push([callback.code, given]);
      Object.assign(callback, { at: 'done', nonce: 0, waited: false });
      return `${what}: ${given}`;
    };

    switch (callback.at) {
      case 'claim':
        return claim(state, callback, go, answer);
      case 'exchange': {
        state.sent.push(callback.code);
        if (state.taken.includes(callback.code)) return go('sends a code that is used up', 'reopen');
        state.taken.push(callback.code);
        return go('exchanges its code for tokens', rules.consumeFirst ? 'consume' : 'store');
      }
      case 'consume':
        if (!held) return answer('has lost its claim, drops the tokens', 'failed');
        state.session = { step: 'consumed', code: callback.code, unfinished: rules.consumeFirst };
        return rules.consumeFirst ? go('consumes the session', 'settle') : answer('consumes the session', 'connected');
      case 'store':
        give(state, callback.code);
        return go('stores the grant', 'consume');
      case 'settle':
        if (session.step === 'consumed') give(state, session.code);
        return go('stores the grant of the consumed session', 'finish');
      case 'finish':
        if (session.step !== 'consumed') return answer('meets a session that is not consumed any more', 'failed');
        session.unfinished = false;
        return answer('drops the tokens', session.code === callback.code ? 'connected' : 'consumed by another code');
      case 'reopen':
        if (held) state.session = { step: 'open' };
        return answer('gives its claim up', 'failed');
      default:
        throw new Error(`no step at ${callback.at}`);
    }
  }

  /** Reads the session and makes the move it asks for: one step, since each update names what was read and is read anew if that has moved. */
  function claim(state: State, callback: Callback, go: Go, answer: Give): string {
    const { session } = state;
    const { code } = callback;
    const spent = rules.spentCodes && state.spent.includes(code);
    if (session.step === 'consumed') {
      if (session.code !== code) return answer('meets a consumed session', 'consumed by another code');
      return session.unfinished
        ? go('meets its consumed session, unfinished', 'settle')
        : answer('meets its consumed session', 'connected');
    }
    if (session.step === 'exchanging' && !(session.expired && rules.takeOver)) {
      if (callback.waited) return answer('meets a claim again', 'busy');
      callback.waited = true;
      return go('meets a claim, waits', 'claim');
    }
    if (session.step === 'exchanging' && session.code === code && rules.spentCodes) {
      state.session = { step: 'open' };
      return answer('meets its own code, claimed and forgotten', 'failed');
    }
    if (spent) return answer('brings a spent code', 'failed');
    callback.nonce = ++state.nonces;
    state.session = { step: 'exchanging', code, nonce: callback.nonce, expired: false };
    if (!state.spent.includes(code)) state.spent.push(code);
    return go('claims the session', 'exchange');
  }

  /** Once per consent: the same again changes nothing. */
  function give(state: State, code: string): void {
    if (state.grant === code) return;
    state.grant = code;
    if (!state.grants.includes(code)) state.grants.push(code);
  }

  function complete(state: State, code: string): Answer | undefined {
    const callback: Callback = { at: 'claim', code, nonce: 0, waited: false };
    while (callback.at !== 'done') step(state, callback);
    return state.answers.at(-1)?.[1];
  }

  return {
    initial: {
      session: { step: 'open' },
      spent: [],
      nonces: 0,
      callbacks: world.callbacks.map((code) => ({ at: 'off', code, nonce: 0, waited: false })),
      sent: [],
      taken: [],
      failures: world.failures,
      grant: null,
      grants: [],
      answers: [],
    },

    moves(state) {
      const moves: Move<State>[] = [];
      state.callbacks.forEach((callback, index) => {
        if (callback.at === 'done') return;
        const named = (said: string) => `callback ${index} (${callback.code}) ${said}`;
        moves.push((draft) => {
          const mine = at(draft.callbacks, index);
          if (mine.at === 'off') mine.at = 'claim';
          return named(step(draft, mine));
        });
        if (callback.at !== 'exchange' || state.failures === 0) return;
        for (const used of [false, true])
          moves.push((draft) => {
            draft.failures -= 1;
            draft.sent.push(callback.code);
            if (used && !draft.taken.includes(callback.code)) draft.taken.push(callback.code);
            at(draft.callbacks, index).at = 'reopen';
            return named(`is failed by Dexcom, its code ${used ? 'used up' : 'not'}`);
          });
      });
      const { session } = state;
      if (session.step === 'exchanging' && !session.expired)
        moves.push((draft) => {
          if (draft.session.step === 'exchanging') draft.session.expired = true;
          return 'the lease runs out';
        });
      return moves;
    },

    broken(state) {
      const connected = new Set(state.answers.filter(([, answer]) => answer === 'connected').map(([code]) => code));
      const wrong: (string | false)[] = [
        state.grants.length > 1 && 'one session gives one grant',
        connected.size > 1 && 'one code is told that it connected',
        new Set(state.sent).size < state.sent.length && 'no code is sent twice',
      ];
      // All callbacks die here; leases run out, `reconcile` settles what was consumed, and the person tries once more with a new code.
      if (state.session.step === 'exchanging') state.session.expired = true;
      if (state.session.step === 'consumed' && state.session.unfinished) give(state, state.session.code);
      complete(state, 'new');
      wrong.push(state.session.step !== 'consumed' && 'a new code always finds a way');
      wrong.push(
        state.session.step === 'consumed' && state.session.code !== state.grant && 'the grant is the one the session was consumed for',
      );
      for (const code of connected) wrong.push(complete(state, code) !== 'connected' && 'who was connected stays connected');
      return wrong.flatMap((invariant): Breach[] => (invariant ? [{ invariant, detail: JSON.stringify(state) }] : []));
    },
  };
}
