import { drain, NOBODY } from './dispatchDrain';
import { accept, answerTo, type Deliverer, type Message, type Rules, receive, type State, type World } from './dispatchState';
import type { Breach, Model, Move } from './engine';
import { at } from './engine';

export const ALL_RULES: Rules = {
  signalAfterFailedPost: true,
  completeOnlyUnsignalled: true,
  pendingOnlyIfAbsent: true,
  failingBeforeSignal: true,
  failingBeforeWait: true,
  reconcile: true,
  othersGoOn: true,
  countOnlyWhileOthersSucceed: true,
  silenceIsTheEndpoints: true,
  lateOnesWait: true,
};

const BLANK: Message = {
  exists: false,
  dispatched: false,
  delivery: 'none',
  refusals: 0,
  othersTaken: false,
  unanswered: false,
  begun: false,
  received: 0,
};
const IDLE: Deliverer = { at: 'idle', message: 0, failed: false, late: false };

/**
 * The hand-over of a webhook message (design §4): posted inline while the endpoint answers, drained by the endpoint's
 * own workflow when it does not, and never left where nobody looks. Deliverers are the `deliver` activity or whoever repeats it;
 * the backlog is the workflow `deliverBacklog`.
 */
export function dispatch(world: World, rules: Rules): Model<State> {
  const first = rules.failingBeforeWait ? 'mark' : 'wait';

  const signalWithStart = (state: State): void => {
    if (state.backlog.at === 'none') state.backlog = { ...NOBODY, at: first };
    else state.backlog.signalled = true;
  };

  function deliver(state: State, deliverer: Deliverer): string {
    const message = at(state.messages, deliverer.message);
    const say = (what: string, next: Deliverer['at']) => {
      deliverer.at = next;
      if (next === 'idle') Object.assign(deliverer, IDLE);
      return `deliver m${deliverer.message}: ${what}`;
    };
    switch (deliverer.at) {
      case 'read':
        if (deliverer.late && rules.lateOnesWait) return say('reads that it is late', 'pend');
        return say(`reads ${state.endpoint}`, state.endpoint === 'healthy' ? 'post' : 'pend');
      case 'post':
        if (answerTo(state, world, deliverer.message) === 'takes') {
          receive(message);
          return say('posts, is accepted', 'accept');
        }
        deliverer.failed = true;
        return say('posts, fails', 'pend');
      case 'accept':
        accept(state, deliverer.message);
        return say('writes accepted', 'finish');
      case 'pend':
        if (message.delivery === 'none' || !rules.pendingOnlyIfAbsent) message.delivery = 'pending';
        return say('writes pending if absent', message.delivery === 'accepted' ? 'finish' : 'reread');
      case 'reread':
        if (state.endpoint === 'disabled') return say('reads disabled', 'finish');
        if (deliverer.failed && !rules.signalAfterFailedPost && state.endpoint === 'healthy') return say('reads healthy', 'finish');
        return say('has the backlog to tell', 'signal');
      case 'signal':
        signalWithStart(state);
        return say('signals the backlog', 'finish');
      case 'finish':
        message.dispatched = true;
        return say('is done', 'idle');
      case 'idle':
        throw new Error('an idle deliverer has no step');
    }
  }

  function begin(state: State, deliverer: Deliverer, index: number): string {
    const message = at(state.messages, index);
    Object.assign(deliverer, { at: 'read', message: index, late: message.begun });
    message.begun = true;
    return `deliver m${index}: begins`;
  }

  /** Enabling: two steps, between which the process that takes them can die. */
  function enable(state: State): string {
    const first = state.disabling === 'disabled';
    state.disabling = first ? 'second step' : 'done';
    if (first === rules.failingBeforeSignal) {
      state.endpoint = 'failing';
      return 'enabling: sets failing';
    }
    signalWithStart(state);
    return 'enabling: signals the backlog';
  }

  /** The server answers again and whoever is left runs to the end: the backlog if somebody started it, `reconcile` if it is there. */
  function heal(state: State): void {
    state.up = true;
    if (world.mended) state.flips = 0;
    const settle = () => {
      // A message that the endpoint will not take, alone, is waited with for ever: whoever meets the same state again stops.
      for (const seen = new Set<string>(); state.backlog.at !== 'none' && !seen.has(JSON.stringify(state)); ) {
        seen.add(JSON.stringify(state));
        drain(state, world, rules);
      }
    };
    settle();
    state.messages.forEach((message, index) => {
      if (!message.exists || message.dispatched) return;
      const deliverer: Deliverer = { ...IDLE };
      begin(state, deliverer, index);
      while (deliverer.at !== 'idle') deliver(state, deliverer);
    });
    const pending = state.messages.some(({ delivery }) => delivery === 'pending' || delivery === 'aside');
    if (rules.reconcile && pending && state.endpoint !== 'disabled') signalWithStart(state);
    settle();
  }

  return {
    initial: {
      up: true,
      flips: world.flips,
      endpoint: 'healthy',
      messages: Array.from({ length: world.messages }, () => BLANK),
      deliverers: [IDLE, IDLE],
      dispatches: world.dispatches,
      backlog: NOBODY,
      disabling: world.disabled ? 'ahead' : 'none',
      accidents: world.accidents ? 1 : 0,
    },

    moves(state) {
      const moves: Move<State>[] = [];
      const unborn = state.messages.findIndex(({ exists }) => !exists);
      if (unborn >= 0) moves.push((draft) => write(at(draft.messages, unborn), { exists: true }, `m${unborn} exists`));
      if (state.flips > 0)
        moves.push((draft) => write(draft, { up: !draft.up, flips: draft.flips - 1 }, `the server goes ${draft.up ? 'down' : 'up'}`));

      const idle = state.deliverers.findIndex((deliverer) => deliverer.at === 'idle');
      state.messages.forEach(({ exists, dispatched }, message) => {
        if (!exists || dispatched || idle < 0 || state.dispatches === 0) return;
        if (world.timely && state.deliverers.some((one) => one.message === message && !one.late && one.at !== 'idle')) return;
        moves.push((draft) => {
          draft.dispatches -= 1;
          return begin(draft, at(draft.deliverers, idle), message);
        });
      });
      state.deliverers.forEach((deliverer, index) => {
        if (deliverer.at === 'idle') return;
        moves.push((draft) => deliver(draft, at(draft.deliverers, index)));
        // Not between a post and its record: that one is sent again by right.
        if (world.timely && !deliverer.late && deliverer.at !== 'accept')
          moves.push((draft) => write(at(draft.deliverers, index), IDLE, `deliver m${deliverer.message}: dies`));
      });

      if (state.backlog.at !== 'none') moves.push((draft) => drain(draft, world, rules));
      if (state.backlog.at !== 'none' && state.accidents > 0)
        moves.push((draft) => write(draft, { backlog: NOBODY, accidents: draft.accidents - 1 }, 'backlog: is terminated'));
      if (state.disabling === 'ahead')
        moves.push((draft) => write(draft, { disabling: 'disabled', endpoint: 'disabled' }, 'the endpoint is disabled'));
      if (state.disabling === 'disabled' || state.disabling === 'second step') moves.push(enable);
      return moves;
    },

    broken(state) {
      if (state.backlog.at === 'wait' && state.endpoint === 'healthy')
        return [{ invariant: 'nothing is posted inline while a backlog waits', detail: JSON.stringify(state) }];
      if (world.timely && state.messages.some(({ received }) => received === 2))
        return [{ invariant: 'no two post the same message', detail: JSON.stringify(state) }];
      // Without accidents whoever enables takes its second step sooner or later.
      if (state.disabling === 'second step' && !world.accidents) enable(state);
      heal(state);
      if (state.endpoint === 'disabled') return [];
      const detail = JSON.stringify(state);
      return state.messages.flatMap(({ exists, received, delivery, unanswered }, index): Breach[] => {
        if (!exists) return [];
        if (delivery === 'exhausted' && unanswered) return [{ invariant: 'no outage uses up a message’s last try', detail }];
        if (world.mended && delivery === 'exhausted') return [];
        if (world.poison && !world.mended && index === 0)
          return delivery === 'none' ? [{ invariant: 'what is refused is waiting, or told as given up', detail }] : [];
        if (delivery === 'exhausted')
          return [{ invariant: 'nothing is given up but what the endpoint refuses while it takes others', detail }];
        if (!received) return [{ invariant: 'every message reaches a server that answers', detail }];
        return delivery === 'accepted' || delivery === 'none' ? [] : [{ invariant: 'nothing that was received stays pending', detail }];
      });
    },
  };
}

function write<T extends object>(target: T, change: Partial<T>, said: string): string {
  Object.assign(target, change);
  return said;
}
