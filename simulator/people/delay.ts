/** From `from` on, readings are visible `delayMs` after they were measured (dexcom-api.md §3.2). */
export interface DelayChange {
  readonly from: number;
  readonly delayMs: number;
}

/**
 * When a reading becomes visible. A new delay holds for everything not visible yet; what is visible stays so.
 * @param changes oldest first, the first one in force since ever
 */
export function visibleAfterDelay(changes: readonly DelayChange[], measuredAt: number): number {
  const [first, ...later] = changes;
  let visibleAt = measuredAt + (first?.delayMs ?? 0);
  for (const { from, delayMs } of later) {
    if (visibleAt <= from) return visibleAt;
    visibleAt = Math.max(from, measuredAt + delayMs);
  }
  return visibleAt;
}
