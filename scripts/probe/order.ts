import type { Settings } from '../../simulator/world/settings';
import { egvTimes, HOUR_MS } from './egvs';
import type { Probe } from './finding';

const unknown = 'U2';
/** Fewer may be in order by chance. */
const FEWEST = 10;

const WORDS: Readonly<Record<Settings['order'], string>> = {
  newestFirst: 'newest first',
  oldestFirst: 'oldest first',
  shuffled: 'in no order',
};

/** In which order records come. */
export const order: Probe = async (dexcom, { newest }) => {
  const times = newest === null ? [] : await egvTimes(dexcom, newest - 24 * HOUR_MS, newest + 1_000);
  if (times.length < FEWEST) return { unknown, found: `not settled: ${times.length} readings in a day are too few` };
  const found = orderOf(times);
  return { unknown, found: `records come ${WORDS[found]}`, settings: { order: found } };
};

function orderOf(times: readonly number[]): Settings['order'] {
  const steps = times.slice(1).map((time, n) => Math.sign(time - (times[n] ?? time)));
  if (steps.every((step) => step <= 0)) return 'newestFirst';
  return steps.every((step) => step >= 0) ? 'oldestFirst' : 'shuffled';
}
