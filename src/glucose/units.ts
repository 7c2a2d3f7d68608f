/** Molar mass of glucose in the units at hand: 1 mmol/L is this many mg/dL (dexcom-api.md §6.1). */
const MG_PER_DL_IN_MMOL_PER_L = 18.01559;
const DECIMALS = 100_000;

/**
 * mg/dL as mmol/L, rounded half up to five decimals. Five, not one: an app that rounds for display gets what it would have got from the
 * unrounded number, and the mg/dL can be told from it. mg/dL is what was measured; never compute on from this.
 */
export const toMmolPerL = (mgPerDl: number): number => Math.round((mgPerDl / MG_PER_DL_IN_MMOL_PER_L) * DECIMALS) / DECIMALS;

/** mmol/L as mg/dL, unrounded. Dexcom has always sent mg/dL; its schema allows the other. */
export const toMgPerDl = (mmolPerL: number): number => mmolPerL * MG_PER_DL_IN_MMOL_PER_L;

/** The sensor measures 40 to 400; Dexcom says 39 for everything below and 401 for everything above (dexcom-api.md §6.2). */
export function outOfRange(mgPerDl: number | null): 'low' | 'high' | null {
  if (mgPerDl === null) return null;
  if (mgPerDl < 40) return 'low';
  return mgPerDl > 400 ? 'high' : null;
}
