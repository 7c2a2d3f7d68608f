import type { CallTurn } from '../dexcom/callGate';
import type { SlotPlan } from './slots';

/** What a block of calls was leased for. `reserve` is there for access alone; history's is the only one that history may spend. */
export type LeaseKind = 'reserve' | 'live' | 'history';

/** How far the counts of a slot may rise by leases of one kind. */
export interface Ceiling {
  /** Of all that is leased. */
  readonly taken: number;
  /** Of that, for history. */
  readonly history?: number;
}

const RESERVED = 1 / 20;
/** Where slots are small, as many as a sign-in and a renewal take, but for most of them. */
const LEAST_RESERVED = 3;
/** Of a slot, whatever live polls took in the one before: somebody may be about to ask. */
const LEAST_FOR_LIVE = 1 / 4;
const LIVE_MAY_GROW = 1.25;
/** Of a slot, in one block: what a worker that dies takes along. */
const LARGEST_BLOCK = 1 / 10;
const SPARE = 1 / 100;

/** @param liveBefore calls leased in the slot before, but for history */
export function ceilingOf(kind: LeaseKind, { calls }: SlotPlan, liveBefore: number): Ceiling {
  if (kind === 'reserve') return { taken: calls };
  const taken = calls - Math.max(Math.ceil(calls * RESERVED), Math.min(LEAST_RESERVED, Math.floor(calls / 3)));
  if (kind === 'live') return { taken };
  return { taken, history: Math.max(0, Math.floor(taken - Math.max(calls * LEAST_FOR_LIVE, liveBefore * LIVE_MAY_GROW))) };
}

/** Which block a call is spent from: the first of these that has one left, and the last is leased anew. */
export const spendsFrom: Readonly<Record<CallTurn['kind'], readonly [LeaseKind, ...LeaseKind[]]>> = {
  access: ['live', 'reserve'],
  live: ['live'],
  history: ['history'],
};

/** What one worker has had of one kind. */
export interface Use {
  /** Calls sent in the slot before. */
  readonly before: number;
  /** Calls leased in this one. */
  readonly leased: number;
  /** Calls that wait. */
  readonly waiting: number;
}

/** How many calls to lease at once: in quiet times one block is enough for the slot, and what is not spent of it is lost to the others. */
export function blockOf(kind: LeaseKind, { before, leased, waiting }: Use, { calls }: SlotPlan): number {
  const foreseen = leased === 0 ? Math.ceil(before * LIVE_MAY_GROW) + Math.floor(calls * SPARE) : Math.ceil(leased / 4);
  const largest = Math.max(1, Math.floor(calls * LARGEST_BLOCK));
  return Math.min(largest, Math.max(1, waiting, kind === 'reserve' ? 0 : foreseen));
}
