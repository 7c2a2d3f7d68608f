import type { Strike } from '../strike';

const RECENT_MS = 10 * 60_000;

/** One of somebody's last readings gets another value. */
export const correction: Strike = {
  name: 'correction',
  at: 'people',
  weight: 3,
  async strike({ engine, people }, draw) {
    const [{ person }, place, byMgPerDl] = [draw.oneOf(people), draw.between(0, 99), draw.between(3, 40)];
    const recent = await engine.simulator.control.readings(person, { from: Date.now() - RECENT_MS, visibleAt: Date.now() });
    const reading = recent[Math.floor((place / 100) * recent.length)];
    if (!reading || reading.mgPerDl === null) return `${person} has nothing to correct`;
    const changed = reading.mgPerDl > 200 ? reading.mgPerDl - byMgPerDl : reading.mgPerDl + byMgPerDl;
    await engine.simulator.control.reviseReading(person, reading.key, changed);
    return `a reading of ${person} changed`;
  },
};
