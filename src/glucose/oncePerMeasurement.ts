import type { Reading, ReadingOrigin } from './reading';
import { TWINS_APART_MS } from './twins';

/** What one connection of a person has. */
export interface ConnectedReadings {
  /** Which Dexcom app names its records: another one has other ids for the same measurements (dexcom-api.md §8.20). */
  readonly app: string;
  /** By time. */
  readonly readings: readonly Reading[];
}

/**
 * The readings of several connections of one person, each measurement once: where connections of two apps have it, the one of the connection
 * that comes first is shown. One app never has a measurement in two connections, and a reading stands for one of each other connection at
 * most, so nothing is hidden but by a reading of its own.
 * @returns the shown ones, in no order, each with those it stands for
 */
export function oncePerMeasurement(connected: readonly ConnectedReadings[]): Map<Reading, readonly Reading[]> {
  const shown = new Map<Reading, Reading[]>();
  const held = new Map<string, HeldByTime>();
  for (const { app, readings } of connected) {
    const others = [...held].filter(([other]) => other !== app).map(([, readingsOf]) => readingsOf);
    const own = held.get(app) ?? new HeldByTime();
    held.set(app, own);

    const taken = new Set<Reading>();
    for (const reading of readings) {
      const same = others.map((other) => other.sameAs(reading, taken)).find((found) => found !== null);
      if (same) {
        taken.add(same);
        shown.get(same)?.push(reading);
      } else {
        shown.set(reading, []);
        own.add(reading);
      }
    }
  }
  return shown;
}

/**
 * Whether records of two apps tell of one measurement. Where both name the transmitter's seconds, these say it; else the same second, by the
 * same transmitter or with the same value. Transmitters are named by a hash that may be another one for each app, so two names prove nothing.
 */
export function isSameMeasurement(a: ReadingOrigin, b: ReadingOrigin): boolean {
  const [one, other] = [a.device, b.device];
  if (one.generation !== null && other.generation !== null && one.generation !== other.generation) return false;

  const isSameTransmitter = one.transmitterId !== null && one.transmitterId === other.transmitterId;
  const isSameSecond = Math.floor(a.at / 1_000) === Math.floor(b.at / 1_000);
  if (a.transmitterTicks !== null && b.transmitterTicks !== null) {
    const areClose = isSameTransmitter ? Math.abs(a.at - b.at) <= TWINS_APART_MS : isSameSecond;
    return a.transmitterTicks === b.transmitterTicks && areClose;
  }
  return isSameSecond && (isSameTransmitter || (a.mgPerDl !== null && a.mgPerDl === b.mgPerDl));
}

/** Readings found by when any of their records was measured. */
class HeldByTime {
  private readonly records = new Map<number, (readonly [ReadingOrigin, Reading])[]>();

  add(reading: Reading): void {
    // It is not shown to anybody, so nothing is hidden by it.
    if (reading.mgPerDl === null) return;
    for (const record of [reading, ...reading.twins]) {
      const slot = slotOf(record.at);
      const there = this.records.get(slot);
      if (there) there.push([record, reading]);
      else this.records.set(slot, [[record, reading]]);
    }
  }

  /** The closest that is the same measurement, and not `taken`. */
  sameAs(reading: Reading, taken: ReadonlySet<Reading>): Reading | null {
    let closest: Reading | null = null;
    let closestMs = Infinity;
    for (const record of [reading, ...reading.twins]) {
      const slot = slotOf(record.at);
      for (const near of [slot - 1, slot, slot + 1]) {
        for (const [other, held] of this.records.get(near) ?? []) {
          const apartMs = Math.abs(other.at - record.at);
          if (apartMs >= closestMs || taken.has(held) || !isSameMeasurement(record, other)) continue;
          closest = held;
          closestMs = apartMs;
        }
      }
    }
    return closest;
  }
}

const slotOf = (at: number): number => Math.floor(at / TWINS_APART_MS);
