import type { ReadingOrigin } from './reading';

/** Phone and receiver hear the same measurement seconds apart; the next one is minutes away. */
export const TWINS_APART_MS = 30_000;
/** Two counts of one transmitter's seconds; sensors, simulated ones too, measure less often. */
const TICKS_APART = 5;

/**
 * Whether both tell of one measurement: never another sensor's, nor another second's of the same sensor. Where the sensor's seconds do not
 * say it, a phone and a receiver do (dexcom-api.md §8.28, §9.13).
 */
export function areTwins(a: ReadingOrigin, b: ReadingOrigin): boolean {
  if (Math.abs(a.at - b.at) > TWINS_APART_MS || a.recordId === b.recordId) return false;

  const [one, other] = [a.device.transmitterId, b.device.transmitterId];
  if (one !== null && other !== null) {
    if (one !== other) return false;
    if (a.transmitterTicks !== null && b.transmitterTicks !== null) {
      const apart = Math.abs(a.transmitterTicks - b.transmitterTicks);
      if (apart === 0) return true;
      if (apart > TICKS_APART) return false;
    }
  }
  const ranks = [rankOf(a), rankOf(b)];
  return ranks.includes(PHONE) && ranks.includes(RECEIVER);
}

/**
 * Records by measurement, each list with the shown one first and its twins after it. Follows from the set of records alone, and for records
 * that have no twin among the others from nothing else. All of a group are twins of each other; the closest pairs come together first.
 */
export function groupTwins(origins: readonly ReadingOrigin[]): ReadingOrigin[][] {
  const sorted = [...origins].sort(byTime);
  const groups = sorted.map((origin) => [origin]);
  const groupOf = new Map(sorted.map((origin, i) => [origin, groups[i] ?? []]));

  for (const [a, b] of closestFirst(pairs(sorted))) {
    const [one, other] = [groupOf.get(a), groupOf.get(b)];
    if (!one || !other || one === other || !one.every((x) => other.every((y) => areTwins(x, y)))) continue;
    one.push(...other);
    for (const origin of other) groupOf.set(origin, one);
    other.length = 0;
  }
  return groups.filter((group) => group.length > 0).map((group) => group.sort(byRank));
}

/** By time, then id. */
export const byTime = (a: ReadingOrigin, b: ReadingOrigin): number => a.at - b.at || compare(a.recordId, b.recordId);

/** The shown one first: one with a value before one without, a phone before a receiver, the lowest record id. */
const byRank = (a: ReadingOrigin, b: ReadingOrigin): number =>
  Number(a.mgPerDl === null) - Number(b.mgPerDl === null) || rankOf(a) - rankOf(b) || compare(a.recordId, b.recordId);

type Pair = readonly [ReadingOrigin, ReadingOrigin];

function pairs(sorted: readonly ReadingOrigin[]): Pair[] {
  const found: Pair[] = [];
  sorted.forEach((a, i) => {
    for (let j = i + 1; j < sorted.length; j++) {
      const b = sorted[j];
      if (!b || b.at - a.at > TWINS_APART_MS) break;
      if (areTwins(a, b)) found.push([a, b]);
    }
  });
  return found;
}

const closestFirst = (found: Pair[]): Pair[] =>
  found.sort(
    (p, q) =>
      Number(isSameSecond(q)) - Number(isSameSecond(p)) ||
      p[1].at - p[0].at - (q[1].at - q[0].at) ||
      byTime(p[0], q[0]) ||
      byTime(p[1], q[1]),
  );

const isSameSecond = ([a, b]: Pair): boolean => a.transmitterTicks !== null && a.transmitterTicks === b.transmitterTicks;

const PHONE = 0;
const OTHER = 1;
const RECEIVER = 2;

function rankOf({ device: { displayDevice } }: ReadingOrigin): number {
  if (displayDevice === 'iOS' || displayDevice === 'android') return PHONE;
  // `shareReceiver` and `touchscreenReceiver` are older words.
  return displayDevice !== null && /receiver$/i.test(displayDevice) ? RECEIVER : OTHER;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
