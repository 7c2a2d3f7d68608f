import type { Breach, Model, Move } from './engine';
import { at } from './engine';

/**
 * The hand-over of a webhook message (design §4): posted inline while the endpoint answers, drained by the endpoint's
 * own workflow when it does not, and never left where nobody looks. Deliverers are the `deliver` activity or whoever repeats it;
 * the backlog is the workflow `deliverBacklog`.
 */
export interface Rules {
  /** A failed post signals the backlog whatever the endpoint's state says. */
  readonly signalAfterFailedPost: boolean;
  /** The backlog completes only if no signal came since its last look. */
  readonly completeOnlyUnsignalled: boolean;
  /** A delivery becomes pending only if there is none: accepted never goes back. */
  readonly pendingOnlyIfAbsent: boolean;
  /** Enabling sets the endpoint failing before it signals the backlog. */
  readonly failingBeforeSignal: boolean;
  /** The backlog sets the endpoint failing before it waits, not only before it drains. */
  readonly failingBeforeWait: boolean;
  /** The scheduled repair signals every enabled endpoint that has a delivery pending and nobody running. */
  readonly reconcile: boolean;
}

export const ALL_RULES: Rules = {
  signalAfterFailedPost: true,
  completeOnlyUnsignalled: true,
  pendingOnlyIfAbsent: true,
  failingBeforeSignal: true,
  failingBeforeWait: true,
  reconcile: true,
};

export interface World {
  readonly messages: number;
  /** How often anybody begins to dispatch a message; two may be at it at once. */
  readonly dispatches: number;
  /** How often the endpoint's server goes down or comes back. */
  readonly flips: number;
  /** The endpoint is disabled once and enabled again. */
  readonly disabled?: boolean;
  /** The process that enables it may die half-way, and the backlog be terminated from the Temporal UI. */
  readonly accidents?: boolean;
}

interface Message {
  exists: boolean;
  dispatched: boolean;
  delivery: 'none' | 'pending' | 'accepted';
  /** What the receiver knows. */
  received: boolean;
}

interface Deliverer {
  at: 'idle' | 'read' | 'post' | 'accept' | 'pend' | 'reread' | 'signal' | 'finish';
  message: number;
  failed: boolean;
}

interface State {
  up: boolean;
  flips: number;
  endpoint: 'healthy' | 'failing' | 'disabled';
  messages: Message[];
  deliverers: Deliverer[];
  dispatches: number;
  backlog: {
    at: 'none' | 'mark' | 'wait' | 'look' | 'post' | 'accept' | 'heal' | 'lookAgain' | 'complete';
    message: number;
    signalled: boolean;
  };
  disabling: 'none' | 'ahead' | 'disabled' | 'second step' | 'done';
  accidents: number;
}

const IDLE: Deliverer = { at: 'idle', message: 0, failed: false };
const NOBODY: State['backlog'] = { at: 'none', message: 0, signalled: false };

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
        return say(`reads ${state.endpoint}`, state.endpoint === 'healthy' ? 'post' : 'pend');
      case 'post':
        if (state.up) {
          message.received = true;
          return say('posts, is accepted', 'accept');
        }
        deliverer.failed = true;
        return say('posts, fails', 'pend');
      case 'accept':
        message.delivery = 'accepted';
        return say('writes accepted', 'finish');
      case 'pend':
        if (message.delivery === 'none' || !rules.pendingOnlyIfAbsent) message.delivery = 'pending';
        return say('writes pending if absent', message.delivery === 'accepted' ? 'finish' : 'reread');
      case 'reread':
        if (state.endpoint === 'disabled') return say('reads disabled', 'finish');
        if (state.endpoint === 'failing' || (deliverer.failed && rules.signalAfterFailedPost))
          return say('has the backlog to tell', 'signal');
        return say('reads healthy', deliverer.failed ? 'finish' : 'post');
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

  function drain(state: State): string {
    const { backlog } = state;
    const oldest = state.messages.findIndex(({ delivery }) => delivery === 'pending');
    const say = (what: string, next: State['backlog']['at']) => {
      backlog.at = next;
      return `backlog: ${what}`;
    };
    switch (backlog.at) {
      case 'mark':
        if (state.endpoint === 'disabled') return say('reads disabled', 'complete');
        state.endpoint = 'failing';
        return say('marks the endpoint failing', rules.failingBeforeWait ? 'wait' : 'look');
      case 'wait':
        return say('has waited', rules.failingBeforeWait ? 'look' : 'mark');
      case 'look':
        if (state.endpoint === 'disabled') return say('reads disabled', 'complete');
        backlog.message = Math.max(oldest, 0);
        return oldest < 0 ? say('nothing is pending', 'heal') : say(`takes m${oldest}`, 'post');
      case 'post':
        if (!state.up) return say('posts, fails', state.endpoint === 'healthy' ? first : 'wait');
        at(state.messages, backlog.message).received = true;
        return say('posts, is accepted', 'accept');
      case 'accept':
        at(state.messages, backlog.message).delivery = 'accepted';
        return say('writes accepted', 'look');
      case 'heal':
        if (state.endpoint === 'failing') state.endpoint = 'healthy';
        return say('marks the endpoint healthy', 'lookAgain');
      case 'lookAgain':
        if (oldest >= 0 && state.endpoint !== 'disabled') return say('looks once more: pending', 'look');
        return say('looks once more: nothing', 'complete');
      case 'complete':
        if (backlog.signalled && rules.completeOnlyUnsignalled) {
          backlog.signalled = false;
          return say('has a signal: again', 'mark');
        }
        state.backlog = NOBODY;
        return 'backlog: completes';
      case 'none':
        throw new Error('nobody runs');
    }
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
    const settle = () => {
      for (let steps = 0; state.backlog.at !== 'none'; steps++) {
        if (steps > 200) throw new Error('the backlog does not end');
        drain(state);
      }
    };
    settle();
    state.messages.forEach((message, index) => {
      if (!message.exists || message.dispatched) return;
      const deliverer: Deliverer = { ...IDLE, at: 'read', message: index };
      while (deliverer.at !== 'idle') deliver(state, deliverer);
    });
    const pending = state.messages.some(({ delivery }) => delivery === 'pending');
    if (rules.reconcile && pending && state.endpoint !== 'disabled') signalWithStart(state);
    settle();
  }

  return {
    initial: {
      up: true,
      flips: world.flips,
      endpoint: 'healthy',
      messages: Array.from({ length: world.messages }, () => ({ exists: false, dispatched: false, delivery: 'none', received: false })),
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
        moves.push((draft) => {
          draft.dispatches -= 1;
          return write(at(draft.deliverers, idle), { at: 'read', message }, `deliver m${message}: begins`);
        });
      });
      state.deliverers.forEach((deliverer, index) => {
        if (deliverer.at !== 'idle') moves.push((draft) => deliver(draft, at(draft.deliverers, index)));
      });

      if (state.backlog.at !== 'none') moves.push(drain);
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
      // Without accidents whoever enables takes its second step sooner or later.
      if (state.disabling === 'second step' && !world.accidents) enable(state);
      heal(state);
      if (state.endpoint === 'disabled') return [];
      const detail = JSON.stringify(state);
      return state.messages.flatMap(({ exists, received, delivery }): Breach[] => {
        if (!exists) return [];
        if (!received) return [{ invariant: 'every message reaches a server that answers', detail }];
        return delivery === 'pending' ? [{ invariant: 'nothing that was received stays pending', detail }] : [];
      });
    },
  };
}

function write<T extends object>(target: T, change: Partial<T>, said: string): string {
  Object.assign(target, change);
  return said;
}
