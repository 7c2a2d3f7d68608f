import { egvTimes, HOUR_MS, isWholeSecond } from './egvs';
import type { Probe } from './finding';

const unknown = 'U1';

/** Whether `endDate` belongs to the window: asks for one that ends on a reading's very second. */
export const windowEnd: Probe = async (dexcom, { newest }) => {
  if (newest === null) return { unknown, found: 'not settled: this person has no readings' };
  const times = await egvTimes(dexcom, newest - 24 * HOUR_MS, newest + 1_000);
  const at = times.find((time) => isWholeSecond(time) && time > newest - 23 * HOUR_MS);
  if (at === undefined) return { unknown, found: 'not settled: no reading of this person has a time of whole seconds' };

  const [before, from] = [await egvTimes(dexcom, at - HOUR_MS, at), await egvTimes(dexcom, at, at + HOUR_MS)];
  const isIncluded = before.includes(at);
  return {
    unknown,
    found: `endDate is ${isIncluded ? 'inclusive' : 'exclusive'}, startDate ${from.includes(at) ? 'inclusive' : 'exclusive'}`,
    settings: { windowEnd: isIncluded ? 'inclusive' : 'exclusive' },
    ...(!from.includes(at) && { engine: 'a window is taken to include its start: readings at the seam of two would be missed' }),
  };
};
