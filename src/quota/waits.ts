import type { CallTurn } from '../dexcom/callGate';
import type { SlotPlan } from './slots';

/** Slots over which those return who have waited for Dexcom to take calls again. */
const RETURN_OVER = 5;

/** When those return for whom a slot has no calls left, in parts of the next slot: `[from, to]`. */
const NEXT_SLOT: Readonly<Record<CallTurn['kind'], readonly [number, number]>> = {
  signIn: [0, 0.05],
  token: [0, 0.2],
  live: [0, 0.5],
  history: [0, 1],
};

/** Likewise after a closing. */
const REOPENED: Readonly<Record<CallTurn['kind'], readonly [number, number]>> = {
  signIn: [0, 0.1],
  token: [0, 1],
  live: [0, RETURN_OVER],
  history: [RETURN_OVER, 2 * RETURN_OVER],
};

/** Milliseconds until a call is tried again that found its slot empty. @param random 0 … 1 */
export const waitForSlot = (kind: CallTurn['kind'], leftMs: number, { slotMs }: SlotPlan, random: number): number =>
  Math.ceil(leftMs + slotMs * between(NEXT_SLOT[kind], random));

/** Likewise one that found the app closed: not all at once. */
export const waitForOpening = (kind: CallTurn['kind'], leftMs: number, { slotMs }: SlotPlan, random: number): number =>
  Math.ceil(leftMs + slotMs * between(REOPENED[kind], random));

/** Likewise one whose turn has not come. */
export const waitForTurn = (leftMs: number, { slotMs }: SlotPlan, random: number): number => Math.ceil(leftMs + (slotMs / 4) * random);

const between = ([from, to]: readonly [number, number], random: number): number => from + (to - from) * random;
