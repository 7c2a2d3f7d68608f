import { HOUR_MS } from '../duration';
import { visibleAfterDelay } from './delay';
import { outageAt } from './outages';
import type { Person } from './person';
import type { Switches } from './switches';

/** What a sensor still tells after it was out of reach (dexcom-api.md §3.4); older readings are lost. */
const BACKFILL_MS = { g6: 3 * HOUR_MS, g7: 24 * HOUR_MS };

/** How a measurement reaches Dexcom. */
export interface Upload {
  readonly at: number;
  /** By hand, from a receiver: such uploads are visible at once (dexcom-api.md §3.2). */
  readonly byHand: boolean;
}

/** @param seed the person's number (`Body.seed`) @returns null if it never does */
export function uploadOf(person: Person, switches: Switches, seed: number, takenAt: number): Upload | null {
  const anchor = firstHour(person);
  const unheard = switches.signalLoss && outageAt(switches.signalLoss, anchor, seed ^ 0x1055, takenAt);
  if (unheard && unheard.to - takenAt > backfillMs(person)) return null;
  const heardAt = unheard?.to ?? takenAt;
  const offline = switches.phoneOffline && outageAt(switches.phoneOffline, anchor, seed ^ 0x0ff1, heardAt);
  return uploadBy(person, switches.uploadsEvery, offline?.to ?? heardAt);
}

/** @param every null: as soon as it has it */
export function uploadBy(person: Person, every: number | null, hasItAt: number): Upload {
  if (every === null) return { at: hasItAt, byHand: false };
  const anchor = firstHour(person);
  return { at: anchor + Math.ceil((hasItAt - anchor) / every) * every, byHand: true };
}

/** When an app can see what was measured at `takenAt` (dexcom-api.md §8.25, U5). */
export function visibleAfterUpload({ delays }: Person, { delayFrom }: Switches, takenAt: number, upload: Upload): number {
  if (upload.byHand) return upload.at;
  if (delayFrom === 'upload') return visibleAfterDelay(delays, upload.at);
  return Math.max(upload.at, visibleAfterDelay(delays, takenAt));
}

/** The longest that anything of this person's can take to Dexcom, its delay there not counted. */
export function longestWayMs({ switches = [] }: Person): number {
  const ways = switches.map(({ switches: { signalLoss, phoneOffline, uploadsEvery, twin } }) => {
    const outages = (signalLoss?.most ?? 0) + (phoneOffline?.most ?? 0);
    return Math.max(outages + (uploadsEvery ?? 0), twin?.uploadsEvery ?? 0);
  });
  return Math.max(0, ...ways);
}

/** By the hour, so that two simulators started at one simulated time agree whatever their machines took to start. */
const firstHour = ({ createdAt }: Person): number => Math.floor(createdAt / HOUR_MS) * HOUR_MS;

const backfillMs = ({ device }: Person): number => (device.generation.startsWith('g6') ? BACKFILL_MS.g6 : BACKFILL_MS.g7);
