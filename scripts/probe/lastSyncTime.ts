import { HOUR_MS, instantIn, objectAt } from './egvs';
import type { Probe } from './finding';

const unknown = 'U6';
/** Older ones are answered wrongly at 100 days; nobody sends one of 30. */
const LONGEST_AGO_MS = 30 * 24 * HOUR_MS;

/**
 * Whether the "new data after" of dataRange goes by when data came or by when they were measured. If it begins with a reading measured before the
 * time that was sent, it goes by when they came.
 */
export const lastSyncTime: Probe = async (dexcom, { newest }) => {
  if (newest === null || newest < Date.now() - LONGEST_AGO_MS) return { unknown, found: 'not settled: this person has no recent readings' };
  for (const since of [newest, newest - HOUR_MS, newest - 24 * HOUR_MS]) {
    const { status, json } = await dexcom.get('dataRange', { lastSyncTime: new Date(since).toISOString() });
    if (status !== 200) return { unknown, found: `not settled: dataRange with lastSyncTime is answered ${status}` };
    const start = instantIn(objectAt(json, 'egvs', 'start')?.['systemTime']);
    if (start !== null && start <= since)
      return { unknown, found: 'lastSyncTime goes by when data came', settings: { lastSyncTime: 'visible' } };
  }
  return {
    unknown,
    found: 'lastSyncTime goes by systemTime; or all of this person’s data came as soon as they were measured, so try another one',
    settings: { lastSyncTime: 'systemTime' },
  };
};
