import type { FreshnessState } from '../storage/connectionDoc';
import type { SyncPolicy } from './policy';

/** When somebody who was away is back: a phone that uploads once an hour, one that is off at night, a receiver every three weeks. */
export interface Habit {
  /** Where the last return fits best. Unix milliseconds. */
  readonly returnedAt?: number;
  /** Absent: back only once. */
  readonly returnEveryMs?: number;
  /** How far it can be relied on, 0 … 3: each step halves the time around the next return in which it is looked for. */
  readonly returnsAlike?: number;
}

const SUREST = 3;
const A_DAY_IN_READINGS = 288;

export function habitOf({ returnedAt, returnEveryMs, returnsAlike }: FreshnessState): Habit {
  return {
    ...(returnedAt === undefined ? {} : { returnedAt }),
    ...(returnEveryMs === undefined ? {} : { returnEveryMs }),
    ...(returnsAlike === undefined ? {} : { returnsAlike }),
  };
}

/**
 * What a return teaches. One is taken for a night's, until the next one says otherwise. An odd return makes a habit less sure and does not move
 * it: one lazy morning is no new habit.
 */
export function afterReturn(habit: Habit, { leftAt, unseenAt, seenAt }: Return, policy: SyncPolicy): Habit {
  const at = Math.round((unseenAt + seenAt) / 2);
  const { returnedAt, returnEveryMs, returnsAlike = 0 } = habit;
  if (returnedAt === undefined || at <= returnedAt) {
    const awayMs = seenAt - leftAt;
    const dayMs = A_DAY_IN_READINGS * policy.cadenceMs;
    return awayMs > dayMs / 8 && awayMs < dayMs ? { returnedAt: at, returnEveryMs: dayMs, returnsAlike: 1 } : { returnedAt: at };
  }
  if (returnEveryMs === undefined) return anew(returnedAt, at);

  const rounds = Math.max(1, Math.round((at - returnedAt) / returnEveryMs));
  const expectedAt = returnedAt + rounds * returnEveryMs;
  // What two looks leave open is no error.
  const errorMs = Math.min(seenAt, Math.max(unseenAt, expectedAt)) - expectedAt;
  const aroundMs = aroundOf(returnEveryMs, returnsAlike, policy);
  if (Math.abs(errorMs) > aroundMs) return returnsAlike > 0 ? { ...habit, returnsAlike: returnsAlike - 1 } : anew(returnedAt, at);
  return {
    returnedAt: Math.round(expectedAt + errorMs / 2),
    returnEveryMs: Math.round(returnEveryMs + errorMs / (8 * rounds)),
    returnsAlike: Math.abs(errorMs) <= aroundMs / 2 ? Math.min(SUREST, returnsAlike + 1) : Math.max(1, returnsAlike),
  };
}

/** The last arrival before it, the last look in vain, the look that showed it. Unix milliseconds. */
export interface Return {
  readonly leftAt: number;
  readonly unseenAt: number;
  readonly seenAt: number;
}

const anew = (before: number, at: number): Habit => ({ returnedAt: at, returnEveryMs: at - before, returnsAlike: 0 });

/**
 * The next look that a habit asks for; Infinity where there is none to rely on. Around the next return close together, and for some time after
 * it ever less so: who is late may still come. Unix milliseconds.
 */
export function habitualLookAt({ returnedAt, returnEveryMs, returnsAlike = 0 }: Habit, now: number, policy: SyncPolicy): number {
  if (returnedAt === undefined || returnEveryMs === undefined || returnsAlike === 0) return Infinity;
  const { cadenceMs } = policy;
  const aroundMs = aroundOf(returnEveryMs, returnsAlike, policy);
  const awaitedMs = Math.min(returnEveryMs / 2, 2 * aroundOf(returnEveryMs, 0, policy));
  const rounds = Math.max(1, Math.ceil((now - awaitedMs - returnedAt) / returnEveryMs));
  const expectedAt = returnedAt + rounds * returnEveryMs;
  if (now < expectedAt - aroundMs) return expectedAt - aroundMs;
  const apartMs = Math.min(cadenceMs / 3, Math.max(cadenceMs / 12, aroundMs / 8));
  return now + Math.max(apartMs, (now - expectedAt - aroundMs) / 4);
}

/** A twelfth of its period, within limits, and less the surer it is. */
function aroundOf(everyMs: number, returnsAlike: number, { cadenceMs }: SyncPolicy): number {
  const widestMs = Math.min(12 * cadenceMs, Math.max(cadenceMs / 2, everyMs / 12));
  return Math.max(cadenceMs / 4, widestMs / 2 ** Math.max(0, returnsAlike - 1));
}
