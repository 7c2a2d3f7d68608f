import type { CallTurn } from '../dexcom/callGate';
import type { SlotPlan } from './slots';

/** How far the counts of a slot may rise by leases of one kind. */
export interface Ceiling {
  /** Of all that is leased. */
  readonly taken: number;
  /** Of that, for readings, live and history. */
  readonly polls?: number;
  /** Of that, for history. */
  readonly history?: number;
}

/** What the slot before had leased. */
export interface LeasedBefore {
  /** For sign-ins and tokens. */
  readonly accessBefore: number;
  readonly liveBefore: number;
}

/** Of a slot, for sign-ins and tokens, however few came in the one before … */
const RESERVED = { share: 1 / 20, least: 3, smallest: 1 / 3 } as const;
/** … and for sign-ins alone: after an outage everybody's tokens are renewed at once. */
const FOR_SIGN_INS = { share: 1 / 50, least: 2, smallest: 1 / 5 } as const;
/** Of a slot: tokens without a call to use them for are of no use. */
const MOST_RESERVED = 1 / 2;
/** Of a slot, whatever live polls took in the one before: somebody may be about to ask. */
const LEAST_FOR_LIVE = 1 / 4;
/** Of a slot, if it comes early enough: where calls are always short somebody's history would never be read. */
const LEAST_FOR_HISTORY = 1 / 50;
const MAY_GROW = 1.25;
/** Of a slot, in one block: what a worker that dies takes along. */
const LARGEST_BLOCK = 1 / 10;
const SPARE = 1 / 100;

/** A share of a slot's calls, but so many at least where slots are small, unless that were too great a part of one. */
const partOf = (calls: number, { share, least, smallest }: typeof RESERVED | typeof FOR_SIGN_INS): number =>
  Math.max(Math.ceil(calls * share), Math.min(least, Math.floor(calls * smallest)));

export function ceilingOf(kind: CallTurn['kind'], { calls }: SlotPlan, { accessBefore, liveBefore }: LeasedBefore): Ceiling {
  if (kind === 'signIn') return { taken: calls };
  const taken = calls - partOf(calls, FOR_SIGN_INS);
  if (kind === 'token') return { taken };
  const reserved = Math.max(partOf(calls, RESERVED), Math.min(calls * MOST_RESERVED, accessBefore * MAY_GROW));
  const polls = calls - Math.ceil(reserved);
  if (kind === 'live') return { taken, polls };
  const left = Math.floor(polls - Math.max(calls * LEAST_FOR_LIVE, liveBefore * MAY_GROW));
  return { taken, polls, history: Math.max(1, Math.floor(calls * LEAST_FOR_HISTORY), left) };
}

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
export function blockOf(kind: CallTurn['kind'], { before, leased, waiting }: Use, { calls }: SlotPlan): number {
  const largest = Math.max(1, Math.floor(calls * LARGEST_BLOCK));
  return Math.min(
    largest,
    Math.max(1, waiting, kind === 'signIn' ? 0 : foreseen({ before, leased }, kind === 'token' ? 0 : calls * SPARE)),
  );
}

const foreseen = ({ before, leased }: Pick<Use, 'before' | 'leased'>, spare: number): number =>
  leased === 0 ? Math.ceil(before * MAY_GROW) + Math.floor(spare) : Math.ceil(leased / 4);
