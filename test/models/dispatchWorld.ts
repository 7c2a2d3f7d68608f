import type { Backlog } from './dispatchDrain';
import { at } from './engine';

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
}

export const ALL_RULES: Rules = {
  signalAfterFailedPost: true,
  completeOnlyUnsignalled: true,
  pendingOnlyIfAbsent: true,
  failingBeforeSignal: true,
  failingBeforeWait: true,
  reconcile: true,
  othersGoOn: true,
  countOnlyWhileOthersSucceed: true,
};

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
  /** The endpoint is disabled once and enabled again. */
  readonly disabled?: boolean;
  /** The process that enables it may die half-way, and the backlog be terminated from the Temporal UI. */
  readonly accidents?: boolean;
}

export interface Message {
  exists: boolean;
  dispatched: boolean;
  delivery: 'none' | 'pending' | 'aside' | 'accepted' | 'exhausted';
  /** Those that count. */
  refusals: number;
  /** The endpoint has taken another one since it last refused this one. */
  othersTaken: boolean;
  /** What the receiver knows. */
  received: boolean;
}

export interface Deliverer {
  at: 'idle' | 'read' | 'post' | 'accept' | 'pend' | 'reread' | 'signal' | 'finish';
  message: number;
  failed: boolean;
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

/** What the endpoint's server does with a post now. */
export function answerTo(state: State, { poison, refusesWhenDown }: World, message: number): 'takes' | 'refuses' | 'is away' {
  if (!state.up) return refusesWhenDown ? 'refuses' : 'is away';
  return poison && message === 0 ? 'refuses' : 'takes';
}

/** From now on storage tells that the endpoint takes messages. */
export function accept({ messages }: State, index: number): void {
  at(messages, index).delivery = 'accepted';
  for (const message of messages) message.othersTaken = true;
}
