import type { StoredReading } from '../glucose/reading';
import type { ConnectionDoc, SilenceCause } from '../storage/connectionDoc';

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;
/** How long sensors with a transmitter of their own live, as they count it from their start (dexcom-api.md §8.22). */
const SENSOR_LIVES_S = [10 * DAY_S, 15 * DAY_S];
/** Taken off a little before its end, or worn through its grace. */
const TAKEN_OFF_EARLY_S = 3_600;
const GRACE_S = 12 * 3_600;
/** A G6 warms up for two hours, others for half of one; then it must have been seen. */
const LONGEST_WARM_UP_MS = 4 * HOUR_MS;

/** Failures that are Dexcom's. */
const DEXCOMS: readonly string[] = ['DexcomUnavailable', 'RateLimited'];

/**
 * Why nothing comes, most likely. A G6's transmitter outlives its sensors and says nothing of them, so its warm-ups look like nothing uploaded.
 * @param latest the newest reading stored; null: none
 */
export function silenceCause(
  { lastError }: Pick<ConnectionDoc, 'lastError'>,
  latest: Pick<StoredReading, 'at' | 'transmitterTicks' | 'device'> | null,
  now: number,
): SilenceCause {
  if (lastError) return DEXCOMS.includes(lastError.type) ? 'dexcom_down' : 'sync_failing';
  return latest && now - latest.at <= LONGEST_WARM_UP_MS && isOfSensorsEnd(latest) ? 'warm_up' : 'nothing_uploaded';
}

function isOfSensorsEnd({ transmitterTicks, device }: Pick<StoredReading, 'transmitterTicks' | 'device'>): boolean {
  if (transmitterTicks === null || device.generation === 'g6' || device.generation === 'g5') return false;
  return SENSOR_LIVES_S.some((life) => transmitterTicks >= life - TAKEN_OFF_EARLY_S && transmitterTicks <= life + GRACE_S);
}
