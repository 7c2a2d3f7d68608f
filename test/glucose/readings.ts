import { createHash } from 'node:crypto';
import type { ReadingDevice, StoredReading } from '../../src/glucose/reading';

export const PHONE: ReadingDevice = {
  transmitterId: 'a1'.repeat(32),
  generation: 'g7',
  variant: 'g7',
  displayDevice: 'iOS',
  displayApp: 'G7',
};
export const RECEIVER: ReadingDevice = { ...PHONE, displayDevice: 'receiver', displayApp: 'receiver' };

const WORDS = ['flat', 'flat', 'fortyFiveUp', 'flat', 'singleDown'];

/** A plausible reading whose every field follows from its time, but for `change`. */
export function readingAt(at: number, change: Partial<StoredReading>): StoredReading {
  const n = Math.floor(at / 300_000);
  return {
    at,
    mgPerDl: 110 + (n % 60) + (n % 7),
    recordId: recordIdOf(String(at)),
    trend: WORDS[n % WORDS.length] ?? null,
    trendRateMgPerDlPerMin: ((n % 31) - 15) / 10,
    status: null,
    utcOffsetSeconds: -28_800,
    rawTimes: null,
    device: PHONE,
    transmitterTicks: Math.floor(at / 1000) - 1_700_000_000,
    twins: [],
    mark: 0,
    change: 'none',
    ...change,
  };
}

/** A UUID for a name, the same for the same name. */
export function recordIdOf(name: string): string {
  const hex = createHash('sha1').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
