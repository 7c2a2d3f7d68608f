/** The arrow that belongs to a rate of change, mg/dL per minute (dexcom-api.md §2.4, trend bands; −8 counts as doubleDown). */
export function trendOf(rate: number): string {
  const steepness = Math.abs(rate);
  if (steepness > 8) return 'rateOutOfRange';
  if (steepness < 1) return 'flat';
  const direction = rate > 0 ? 'Up' : 'Down';
  if (steepness < 2) return `fortyFive${direction}`;
  return steepness < 3 ? `single${direction}` : `double${direction}`;
}
