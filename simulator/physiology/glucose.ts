import { DAY_MS, HOUR_MS } from '../duration';
import type { Body } from './body';
import { dayOf } from './day';
import { wander } from './draw';

/** Below this the body fights back, so that a bad day ends in the fifties rather than at zero. */
const COUNTER_REGULATION_MG_PER_DL = 70;

/**
 * The glucose under the skin at one instant, before the sensor has its say; mg/dL, not rounded, not clamped.
 * @param local Unix milliseconds of the person's local clock: people eat by it
 */
export function glucoseAt(body: Body, local: number): number {
  const today = Math.floor(local / DAY_MS);
  let level = body.baseMgPerDl + dawn(body, local - today * DAY_MS);
  level += body.wanderMgPerDl * wander(body.seed ^ 0x51, local, 3 * HOUR_MS) + 4 * wander(body.seed ^ 0x52, local, HOUR_MS / 2);

  // Yesterday's late dinner and evening run still work after midnight.
  for (const index of [today - 1, today]) {
    const { meals, exercise, nightDip } = dayOf(body, index);
    for (const { at, riseMgPerDl } of meals) level += riseMgPerDl * wave(local - at, body.mealPeakMs);
    if (exercise) level -= exercise.dropMgPerDl * wave(local - exercise.at, HOUR_MS);
    if (nightDip) level -= nightDip.dropMgPerDl * wave(local - nightDip.at, 0.75 * HOUR_MS);
  }
  if (level >= COUNTER_REGULATION_MG_PER_DL) return level;
  return COUNTER_REGULATION_MG_PER_DL - (COUNTER_REGULATION_MG_PER_DL - level) * 0.55;
}

/** Rises to 1 at `peakMs` and fades over some hours. */
function wave(sinceMs: number, peakMs: number): number {
  if (sinceMs <= 0 || sinceMs > 10 * peakMs) return 0;
  const x = sinceMs / peakMs;
  // Squared, so that it begins slowly: nothing eaten is in the blood the same minute.
  return x * x * Math.exp(2 - 2 * x);
}

/** The rise before waking, around six. */
function dawn({ dawnMgPerDl }: Body, sinceMidnightMs: number): number {
  const hours = sinceMidnightMs / HOUR_MS - 6;
  return dawnMgPerDl * Math.exp(-(hours * hours) / 5);
}
