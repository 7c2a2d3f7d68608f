import { DAY_MS } from '../duration';
import type { Reading } from '../readings/reading';
import type { Settings } from '../world/settings';

/** Older than this and the real answer is wrong (dexcom-api.md §2.9, F19): ours is then always "nothing new". */
const TRUSTED_MS = 100 * DAY_MS;

/** @returns null if not given, undefined if not a time; with or without an offset (dexcom-api.md §2.9) */
export function readLastSyncTime(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  const instant = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** What counts as "new data after that time", by whichever clock the switch says; null if the time is too old to be understood. */
export function newerThan(
  since: number | null,
  now: number,
  { lastSyncTime }: Settings,
): ((record: Pick<Reading, 'measuredAt' | 'visibleAt'>) => boolean) | null {
  if (since === null) return () => true;
  if (since < now - TRUSTED_MS) return null;
  if (lastSyncTime === 'systemTime') return ({ measuredAt }) => measuredAt > since;
  return ({ visibleAt }) => visibleAt !== null && visibleAt > since;
}
