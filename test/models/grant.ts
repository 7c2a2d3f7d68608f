import type { Breach, Model, Move } from './engine';
import { at } from './engine';

/**
 * Rotating refresh tokens (design §2): attempts to refresh overlap, die and lose answers while the person consents
 * again or revokes, and yet a fresh consent is never overwritten or declared dead, and no good token is given up.
 * The protocol is src/sync's; the updates are those of src/storage/grants.ts.
 */
export interface Rules {
  /** A rotation is stored only over the consent and `rev` it was read at. */
  readonly storeIfAsRead: boolean;
  /** `needs_reauth` is set only on the consent and `rev` that were refused. */
  readonly markIfAsRead: boolean;
  /** Storing a token clears `needs_reauth`. */
  readonly storeClearsMark: boolean;
  /** A consent is settled once: the same again, by whoever meets its link session, changes nothing. */
  readonly settleOnce: boolean;
  /** A consent is never settled over a younger one. */
  readonly neverOverYounger: boolean;
  /** Before a token is sent, the grant says so. */
  readonly recordIntent: boolean;
  /** Any answer strikes the intent out. */
  readonly answerStrikesIntent: boolean;
  /** A new intent for the same token remembers that an earlier one was never answered … */
  readonly intentKeepsEarlier: boolean;
  /** … and is recorded only over the one it read, so that it misses none. */
  readonly intentOverTheOneRead: boolean;
}

export const ALL_RULES: Rules = {
  storeIfAsRead: true,
  markIfAsRead: true,
  storeClearsMark: true,
  settleOnce: true,
  neverOverYounger: true,
  recordIntent: true,
  answerStrikesIntent: true,
  intentKeepsEarlier: true,
  intentOverTheOneRead: true,
};

export interface World {
  readonly attempts: number;
  /** Attempts run beside each other; otherwise a new one begins when the one before has ended or died. */
  readonly overlapping: boolean;
  /** A spent token gives the same successor again until that one is spent itself. */
  readonly grace: boolean;
  /** Answers that never arrive. */
  readonly drops: number;
  readonly revocable?: boolean;
  /** Consents to be settled, by number: 1 is the grant's at the start, 0 is older, 2 younger. */
  readonly settles?: readonly number[];
}

type Reason = 'revoked' | 'rotation_lost';

interface Consent {
  next: number;
  valid: number;
  spent: number | null;
  revoked: boolean;
}

interface Attempt {
  at: 'off' | 'read' | 'intend' | 'send' | 'store' | 'strike' | 'reread' | 'mark' | 'done';
  consent: number;
  rev: number;
  token: number;
  answer: number;
  /** The intent it read. */
  seen: Intent | null;
  /** The number of its own. */
  intent: number;
  reason: Reason | null;
}

interface Intent {
  number: number;
  token: number;
  unanswered: boolean;
  earlierUnanswered: boolean;
}

interface State {
  provider: Consent[];
  grant: {
    consent: number;
    rev: number;
    token: number;
    intent: Intent | null;
    needsReauth: Reason | null;
  };
  attempts: Attempt[];
  settles: { at: 'exchanged' | 'done'; consent: number }[];
  drops: number;
  revocable: boolean;
  /** The youngest consent ever settled. */
  youngest: number;
  /** Intents recorded so far. */
  intents: number;
  /** Some sending has had no answer. */
  unanswered: boolean;
}

const OFF: Attempt = { at: 'off', consent: 0, rev: 0, token: 0, answer: 0, seen: null, intent: 0, reason: null };
const END: Attempt = { ...OFF, at: 'done' };

export function grant(world: World, rules: Rules): Model<State> {
  /** @returns the successor, or null for `invalid_grant` */
  function rotate(state: State, consent: number, token: number): number | null {
    const given = at(state.provider, consent);
    if (given.revoked) return null;
    if (token === given.valid) {
      given.spent = token;
      given.valid = given.next++;
      return given.valid;
    }
    return world.grace && token === given.spent ? given.valid : null;
  }

  function step(state: State, attempt: Attempt): string {
    const stored = state.grant;
    const asRead = stored.consent === attempt.consent && stored.rev === attempt.rev;
    const say = (what: string, next: Attempt['at']) => {
      if (next === 'done') Object.assign(attempt, END);
      else attempt.at = next;
      return what;
    };
    switch (attempt.at) {
      case 'read': {
        if (stored.needsReauth) return say('reads needs_reauth, stops', 'done');
        const { consent, rev, token, intent } = stored;
        Object.assign(attempt, { consent, rev, token, seen: intent && { ...intent } });
        return say(`reads consent ${consent} rev ${rev} token ${token}`, 'intend');
      }
      case 'intend': {
        const { seen, token } = attempt;
        const overlooked = stored.intent?.number !== seen?.number || stored.intent?.unanswered !== seen?.unanswered;
        if (!asRead || (overlooked && rules.intentOverTheOneRead)) return say('the grant has moved', 'read');
        if (!rules.recordIntent) return say('records nothing', 'send');
        const earlierUnanswered = rules.intentKeepsEarlier && seen?.token === token && (seen.unanswered || seen.earlierUnanswered);
        attempt.intent = ++state.intents;
        stored.intent = { number: attempt.intent, token, unanswered: true, earlierUnanswered };
        return say('records its intent', 'send');
      }
      case 'send': {
        const answer = rotate(state, attempt.consent, attempt.token);
        if (answer === null) return say(`sends token ${attempt.token}: invalid_grant`, 'strike');
        attempt.answer = answer;
        return say(`sends token ${attempt.token}: gets ${answer}`, 'store');
      }
      case 'store':
        if (!asRead && rules.storeIfAsRead) return say('the grant has moved, drops its answer', 'done');
        Object.assign(stored, { consent: attempt.consent, rev: stored.rev + 1, token: attempt.answer, intent: null });
        if (rules.storeClearsMark) stored.needsReauth = null;
        return say('stores its answer', 'done');
      case 'strike':
        if (asRead && stored.intent?.number === attempt.intent && rules.answerStrikesIntent) stored.intent.unanswered = false;
        return say('strikes its intent out', 'reread');
      case 'reread':
        if (!asRead) return say('reads again: the grant has moved', 'read');
        attempt.reason = stored.intent?.unanswered || stored.intent?.earlierUnanswered ? 'rotation_lost' : 'revoked';
        return say('reads again: the same', 'mark');
      case 'mark':
        if (asRead || !rules.markIfAsRead) stored.needsReauth = attempt.reason;
        return say('marks needs_reauth', 'done');
      default:
        throw new Error(`no step at ${attempt.at}`);
    }
  }

  /** `completeLinkSession` brings a consent's first tokens. */
  function settle(state: State, consent: number): string {
    const { grant: stored } = state;
    const known = consent === stored.consent && rules.settleOnce;
    const younger = stored.consent > consent && rules.neverOverYounger;
    state.youngest = Math.max(state.youngest, consent);
    if (known || younger) return `consent ${consent} is settled: nothing to do`;
    state.grant = { consent, rev: stored.rev + 1, token: 0, intent: null, needsReauth: null };
    return `consent ${consent} is settled`;
  }

  const waiting = ({ at: place }: Attempt): boolean => ['send', 'store', 'strike'].includes(place);

  return {
    initial: {
      provider: [0, 1, 2].map(() => ({ next: 1, valid: 0, spent: null, revoked: false })),
      grant: { consent: 1, rev: 0, token: 0, intent: null, needsReauth: null },
      attempts: Array.from({ length: world.attempts }, () => OFF),
      settles: (world.settles ?? []).map((consent) => ({ at: 'exchanged', consent })),
      drops: world.drops,
      revocable: world.revocable ?? false,
      youngest: 1,
      intents: 0,
      unanswered: false,
    },

    moves(state) {
      const moves: Move<State>[] = [];
      const next = state.attempts.findIndex((attempt) => attempt.at === 'off');
      if (next >= 0)
        moves.push((draft) => {
          if (!world.overlapping) {
            draft.unanswered ||= draft.attempts.some(waiting);
            draft.attempts.fill(END, 0, next);
          }
          draft.attempts[next] = { ...OFF, at: 'read' };
          return `attempt ${next}: begins`;
        });
      state.attempts.forEach((attempt, index) => {
        if (attempt.at === 'off' || attempt.at === 'done') return;
        moves.push((draft) => `attempt ${index}: ${step(draft, at(draft.attempts, index))}`);
        if (attempt.at !== 'send' || state.drops === 0) return;
        moves.push((draft) => {
          rotate(draft, attempt.consent, attempt.token);
          Object.assign(draft, { drops: draft.drops - 1, unanswered: true });
          draft.attempts[index] = END;
          return `attempt ${index}: sends token ${attempt.token}, the answer is lost`;
        });
      });
      state.settles.forEach((settling, index) => {
        if (settling.at === 'done') return;
        moves.push((draft) => {
          at(draft.settles, index).at = 'done';
          return settle(draft, settling.consent);
        });
      });
      if (state.revocable)
        moves.push((draft) => {
          draft.revocable = false;
          at(draft.provider, 1).revoked = true;
          return 'the person revokes consent 1';
        });
      return moves;
    },

    broken(state) {
      const unanswered = state.unanswered || state.attempts.some(waiting);
      for (let refreshes = 0; refreshes < 3; refreshes++) {
        const attempt: Attempt = { ...OFF, at: 'read' };
        for (let steps = 0; attempt.at !== 'done' && steps < 50; steps++) step(state, attempt);
      }
      const { grant: stored, youngest } = state;
      const given = at(state.provider, stored.consent);
      const { needsReauth: reason } = stored;
      const good = !given.revoked && (stored.token === given.valid || (world.grace && stored.token === given.spent));

      const wrong = [
        stored.consent < youngest && 'the youngest consent stands',
        reason && good && 'no good token is given up',
        reason && !given.revoked && world.grace && 'with grace nobody is disconnected',
        reason && !given.revoked && !unanswered && 'no token is lost unless an answer was',
        reason === 'revoked' && !given.revoked && 'a lost answer is called one',
        !world.overlapping && reason === 'rotation_lost' && given.revoked && !unanswered && 'a revoked consent is called one',
      ];
      return wrong.flatMap((invariant): Breach[] =>
        invariant ? [{ invariant, detail: JSON.stringify({ grant: stored, provider: state.provider }) }] : [],
      );
    },
  };
}
