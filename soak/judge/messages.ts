import { delaysOf } from './delays';
import type { Judge } from './judge';

/** Every request verified; how often a message came again, and how long readings were on their way. */
export const messages: Judge = async ({ engine, people }) => {
  const { arrivals, refused } = engine.receiver;
  const different = engine.receiver.distinct().length;
  const repeats = arrivals.length - different;
  const created = engine.receiver.distinct('daily.data.glucose.created');
  const delays = await Promise.all(people.map((person) => delaysOf(engine, person, created)));

  return {
    isGood: refused.length === 0,
    tables: [],
    figures: [
      ['messages', different],
      ['repeats of a message, by its id', `${repeats} (${((100 * repeats) / Math.max(1, different)).toFixed(2)} %)`],
      ['requests whose signature did not verify', refused.length],
      ['visible → taken by the receiver, p50 / p95 / p99, strikes and all', percentiles(delays.flat())],
    ],
    findings: [],
  };
};

function percentiles(delaysMs: readonly number[]): string {
  const ascending = delaysMs.toSorted((a, b) => a - b);
  const at = (p: number): string => `${((ascending[Math.ceil(p * ascending.length) - 1] ?? 0) / 1_000).toFixed(1)} s`;
  return [0.5, 0.95, 0.99].map(at).join(' / ');
}
