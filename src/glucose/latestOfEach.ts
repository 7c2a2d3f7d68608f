import { hasRepeats } from './hasRepeats';
import type { ReadingOrigin } from './reading';
import { isSameRecord } from './sameRecord';

/**
 * Each record id once. Two records of one id in one answer are the same twice or contradict each other; then the later measured stands, of
 * equally late ones one with a value, and then whichever is greater as text: nothing better is known, and any order gives the same.
 */
export function latestOfEach<R extends ReadingOrigin>(records: readonly R[]): readonly R[] {
  if (!hasRepeats(records)) return records;
  const latest = new Map<string, R>();
  for (const record of records) {
    const other = latest.get(record.recordId);
    if (!other || isLater(record, other)) latest.set(record.recordId, record);
  }
  return [...latest.values()];
}

function isLater(a: ReadingOrigin, b: ReadingOrigin): boolean {
  if (isSameRecord(a, b)) return false;
  if (a.at !== b.at) return a.at > b.at;
  if ((a.mgPerDl === null) !== (b.mgPerDl === null)) return b.mgPerDl === null;
  return asText(a) > asText(b);
}

/** Every field in a fixed order, whatever order they were written in. */
function asText({
  mgPerDl,
  trend,
  trendRateMgPerDlPerMin,
  status,
  utcOffsetSeconds,
  rawTimes,
  device,
  transmitterTicks,
}: ReadingOrigin): string {
  const times = rawTimes && [rawTimes.systemTime, rawTimes.displayTime, rawTimes.displayAt];
  const { transmitterId, generation, variant, displayDevice, displayApp } = device;
  return JSON.stringify([
    [mgPerDl, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, times, transmitterTicks],
    [transmitterId, generation, variant, displayDevice, displayApp],
  ]);
}
