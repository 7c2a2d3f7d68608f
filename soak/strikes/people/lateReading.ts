import type { Strike } from '../strike';

const MINUTE_MS = 60_000;
/** Nearer to another reading, it could be taken for that one's twin. */
const APART_MS = 6_000;

/** One more reading turns up between two old ones. */
export const lateReading: Strike = {
  name: 'late reading',
  at: 'people',
  weight: 2,
  async strike({ engine, people }, draw) {
    const [{ person }, minutes, mgPerDl] = [draw.oneOf(people), draw.between(1, 10), draw.between(60, 250)];
    const measuredAt = Math.floor((Date.now() - minutes * MINUTE_MS) / 1_000) * 1_000;
    const near = await engine.simulator.control.readings(person, { from: measuredAt - APART_MS, to: measuredAt + APART_MS });
    if (near.length > 0) return `${person} has a reading there`;
    await engine.simulator.control.addReading(person, { measuredAt, mgPerDl });
    return `a reading of ${person} of ${minutes} minutes ago`;
  },
};
