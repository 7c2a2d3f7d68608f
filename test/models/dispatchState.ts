import { at } from './engine';

/** What of the hand-over is left out where it is false, to see what breaks. */
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
  /** After a refusal the drain tries the next message, instead of waiting with all of them. */
  readonly othersGoOn: boolean;
  /** A refusal counts against its message only if the endpoint took another one after it. */
  readonly countOnlyWhileOthersSucceed: boolean;
  /** No answer to one that stands aside says nothing of it: it goes back among the others, and the endpoint is failing. */
  readonly silenceIsTheEndpoints: boolean;
  /** What somebody has begun to dispatch before is not posted inline: it is left to the backlog. */
  readonly lateOnesWait: boolean;
}

export interface World {
  readonly messages: number;
  /** How often anybody begins to dispatch a message; two may be at it at once. */
  readonly dispatches: number;
  /** How often the endpoint's server goes down or comes back. */
  readonly flips: number;
  /** Going down it answers still, and refuses everything. */
  readonly refusesWhenDown?: boolean;
  /** The endpoint never takes the first message, whatever it does with the others. */
  readonly poison?: boolean;
  /** It takes that one too once it has been away. */
  readonly mended?: boolean;
  /** The endpoint is disabled once and enabled again. */
  readonly disabled?: boolean;
  /** The process that enables it may die half-way, and the backlog be terminated from the Temporal UI. */
  readonly accidents?: boolean;
  /** Nobody is frozen: a message is dispatched again only once its first dispatch has ended or died, though then maybe by two at once. */
  readonly timely?: boolean;
}

export interface Message {
  exists: boolean;
  dispatched: boolean;
  delivery: 'none' | 'pending' | 'aside' | 'accepted' | 'exhausted';
  /** Those that count. */
  refusals: number;
  /** The endpoint has taken another one since it last did not take this one. */
  othersTaken: boolean;
  /** Its last post got no answer. */
  unanswered: boolean;
  /** Somebody has begun to dispatch it. */
  begun: boolean;
  /** How often the receiver has taken it; 2 for more. */
  received: 0 | 1 | 2;
}

export interface Deliverer {
  at: 'idle' | 'read' | 'post' | 'accept' | 'pend' | 'reread' | 'signal' | 'finish';
  message: number;
  failed: boolean;
  /** Its message is not young any more. */
  late: boolean;
}

export interface State {
  up: boolean;
  flips: number;
  endpoint: 'healthy' | 'failing' | 'disabled';
  messages: Message[];
  deliverers: Deliverer[];
  dispatches: number;
  backlog: Backlog;
  disabling: 'none' | 'ahead' | 'disabled' | 'second step' | 'done';
  accidents: number;
}

/** The workflow `deliverBacklog` of the endpoint. */
export interface Backlog {
  at:
    | 'none'
    | 'mark'
    | 'wait'
    | 'look'
    | 'post'
    | 'accept'
    | 'judge'
    | 'heal'
    | 'lookAgain'
    | 'lookAside'
    | 'postAside'
    | 'complete'
    | 'rest';
  message: number;
  signalled: boolean;
  /** Refused in this drain, and nothing taken since: the endpoint's fault or their own. */
  suspects: number[];
  /** Those aside that this drain has tried. */
  tried: number[];
}

/** What the endpoint's server does with a post now. */
export function answerTo(state: State, world: World, message: number): 'takes' | 'refuses' | 'is away' {
  if (!state.up) return world.refusesWhenDown ? 'refuses' : 'is away';
  const mended = world.mended && state.flips < world.flips;
  return world.poison && !mended && message === 0 ? 'refuses' : 'takes';
}

/** The receiver takes it, whoever knows of it. */
export function receive(message: Message): void {
  message.received = message.received === 0 ? 1 : 2;
}

/** From now on storage tells that the endpoint takes messages. */
export function accept({ messages }: State, index: number): void {
  at(messages, index).delivery = 'accepted';
  for (const message of messages) message.othersTaken = true;
}
