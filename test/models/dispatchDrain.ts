import { accept, answerTo, type Backlog, type Rules, receive, type State, type World } from './dispatchState';
import { at } from './engine';

export const NOBODY: Backlog = { at: 'none', message: 0, signalled: false, suspects: [], tried: [] };

/** So many different ones refused in a row, and the endpoint is failing. */
const SUSPECTS = 3;
/** So many refusals that count, and a message is given up. */
const MOST_REFUSALS = 2;

/** The workflow's next step. @returns what it did */
export function drain(state: State, world: World, rules: Rules): string {
  const { backlog, messages } = state;
  const say = (what: string, next: Backlog['at']) => {
    backlog.at = next;
    return `backlog: ${what}`;
  };
  const oldest = messages.findIndex(({ delivery }, index) => delivery === 'pending' && !backlog.suspects.includes(index));
  const taken = at(messages, backlog.message);

  switch (backlog.at) {
    case 'mark':
      Object.assign(backlog, { suspects: [], tried: [] });
      if (state.endpoint === 'disabled') return say('reads disabled', 'complete');
      state.endpoint = 'failing';
      return say('marks the endpoint failing', rules.failingBeforeWait ? 'wait' : 'look');
    case 'wait':
      backlog.suspects = [];
      return say('has waited', rules.failingBeforeWait ? 'look' : 'mark');
    case 'look':
      if (state.endpoint === 'disabled') return say('reads disabled', 'complete');
      backlog.message = Math.max(oldest, 0);
      if (oldest >= 0) return say(`takes m${oldest}`, 'post');
      return backlog.suspects.length > 0 ? fail('has nothing left but what was refused') : say('nothing is pending', 'heal');
    case 'post':
      return post();
    case 'accept':
      accept(state, backlog.message);
      return say('writes accepted', backlog.suspects.length > 0 ? 'judge' : 'look');
    case 'judge':
      convict(backlog.suspects.shift() ?? 0);
      return say('counts a refusal', backlog.suspects.length > 0 ? 'judge' : 'look');
    case 'heal':
      if (state.endpoint === 'failing') state.endpoint = 'healthy';
      return say('marks the endpoint healthy', 'lookAgain');
    case 'lookAgain':
      if (oldest >= 0 && state.endpoint !== 'disabled') return say('looks once more: pending', 'look');
      return say('looks once more: nothing', 'lookAside');
    case 'lookAside': {
      const aside = messages.findIndex(({ delivery }, index) => delivery === 'aside' && !backlog.tried.includes(index));
      backlog.message = Math.max(aside, 0);
      return aside < 0 || state.endpoint === 'disabled' ? say('has tried those aside', 'complete') : say(`takes m${aside}`, 'postAside');
    }
    case 'postAside': {
      backlog.tried.push(backlog.message);
      const answer = answerTo(state, world, backlog.message);
      if (answer === 'takes') {
        receive(taken);
        accept(state, backlog.message);
        return say('posts one aside, is accepted', 'lookAside');
      }
      const known = taken.othersTaken && !(answer === 'is away' && rules.silenceIsTheEndpoints);
      Object.assign(taken, { othersTaken: false, unanswered: answer === 'is away' });
      if (known || !rules.countOnlyWhileOthersSucceed) {
        convict(backlog.message);
        return say('posts one aside, is refused', 'lookAside');
      }
      // Nobody knows whose fault it is.
      taken.delivery = 'pending';
      if (state.endpoint === 'healthy') state.endpoint = 'failing';
      return fail('posts one aside, takes it back');
    }
    case 'rest':
      return say('wakes', 'mark');
    case 'complete':
      if (backlog.signalled && rules.completeOnlyUnsignalled) {
        backlog.signalled = false;
        return say('has a signal: again', 'mark');
      }
      if (state.endpoint !== 'disabled' && messages.some(({ delivery }) => delivery === 'aside')) return say('rests', 'rest');
      state.backlog = NOBODY;
      return 'backlog: completes';
    case 'none':
      throw new Error('nobody runs');
  }

  function fail(what: string): string {
    return say(what, state.endpoint === 'healthy' ? (rules.failingBeforeWait ? 'mark' : 'wait') : 'wait');
  }

  function post(): string {
    const answer = answerTo(state, world, backlog.message);
    if (answer === 'refuses') return refused();
    if (answer === 'is away') return unanswered();
    receive(taken);
    return say('posts, is accepted', 'accept');
  }

  /** One that was refused while others were taken is followed by another, which may tell. */
  function unanswered(): string {
    if (taken.refusals === 0) return fail('posts, fails');
    const first = !backlog.suspects.some((index) => at(messages, index).unanswered);
    Object.assign(taken, { othersTaken: false, unanswered: true });
    if (!first || !rules.silenceIsTheEndpoints) return fail('posts, fails');
    backlog.suspects.push(backlog.message);
    return say('posts, fails, tries another', 'look');
  }

  function refused(): string {
    Object.assign(taken, { othersTaken: false, unanswered: false });
    if (!rules.othersGoOn) return fail('posts, is refused');
    if (!rules.countOnlyWhileOthersSucceed) {
      convict(backlog.message);
      return say('posts, is refused', 'look');
    }
    backlog.suspects.push(backlog.message);
    return backlog.suspects.length < SUSPECTS ? say('posts, is refused', 'look') : fail('posts, is refused, as others were');
  }

  function convict(index: number): void {
    const message = at(messages, index);
    message.refusals += 1;
    if (message.delivery === 'pending' || message.delivery === 'aside')
      message.delivery = message.refusals < MOST_REFUSALS ? 'aside' : 'exhausted';
  }
}
