import type { Strike } from '../strike';

/** What Dexcom's documentation leaves open, answered in another way from now on. */
export const otherManners: Strike = {
  name: 'other manners',
  at: 'dexcom',
  weight: 2,
  async strike({ engine }, draw) {
    const change = {
      order: draw.oneOf(['newestFirst', 'oldestFirst', 'shuffled'] as const),
      windowEnd: draw.oneOf(['exclusive', 'inclusive'] as const),
      errorBody: draw.oneOf(['json', 'text'] as const),
      recordType: draw.oneOf(['singular', 'plural'] as const),
      clockSkewSeconds: draw.between(-20, 20),
    };
    await engine.simulator.control.settings(change);
    return Object.entries(change)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  },
};
