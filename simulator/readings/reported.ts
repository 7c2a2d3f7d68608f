import { clockErrorAt } from '../people/deviceClock';
import { DEVICES } from '../people/devices';
import type { Person } from '../people/person';
import type { Switches } from '../people/switches';
import { switchesAt } from '../people/switchesAt';
import { uploadBy, uploadOf, visibleAfterUpload } from '../people/upload';
import { draw } from '../physiology/draw';
import type { Measurement, Reading } from './reading';

/** Two devices hear one sensor seconds apart (dexcom-api.md §8.28). */
export const MOST_APART_MS = 9_000;
const MOST_REVISED_MG_PER_DL = 12;

/**
 * What Dexcom gets to know of a measurement: nothing if it was lost on the way, two readings if two devices report it.
 * Which these are and when they can be seen depends on the measurement and on what was switched on when it was taken, never on who asks when.
 * @param seed the person's number (`Body.seed`) @param asOf by when a value may have been revised
 */
export function reported(person: Person, seed: number, asOf: number): (measurement: Measurement) => Reading[] {
  return (measurement) => {
    const switches = switchesAt(person, measurement.measuredAt);
    const own = reportOwn(person, switches, seed, measurement);
    const twin = reportTwin(person, switches, seed, measurement);
    return [...(own ? [revised(own, switches, seed, asOf)] : []), ...(twin ? [twin] : [])];
  };
}

function reportOwn(person: Person, switches: Switches, seed: number, measurement: Measurement): Reading | null {
  const { measuredAt: takenAt } = measurement;
  const upload = uploadOf(person, switches, seed, takenAt);
  if (!upload) return null;
  return {
    ...measurement,
    takenAt,
    measuredAt: takenAt + clockErrorAt(switches, takenAt).system,
    visibleAt: visibleAfterUpload(person, switches, takenAt, upload),
  };
}

function reportTwin(person: Person, switches: Switches, seed: number, measurement: Measurement): Reading | null {
  const { twin } = switches;
  if (!twin) return null;
  const tick = Math.floor(measurement.measuredAt / 1_000);
  const apartMs = Math.ceil((draw(seed, tick, 0x2f) * MOST_APART_MS) / 1_000) * 1_000;
  const takenAt = measurement.measuredAt + apartMs;
  return {
    ...measurement,
    key: `${measurement.key}:twin`,
    takenAt,
    measuredAt: takenAt,
    visibleAt: visibleAfterUpload(person, switches, takenAt, uploadBy(person, twin.uploadsEvery, takenAt)),
    device: DEVICES[twin.device],
  };
}

/** Another value from some time after it became visible (dexcom-api.md §8.29, U9). */
function revised(reading: Reading, { revisions }: Switches, seed: number, asOf: number): Reading {
  const { mgPerDl, visibleAt, takenAt } = reading;
  const tick = Math.floor(takenAt / 1_000);
  if (!revisions || mgPerDl === null || visibleAt === null || draw(seed, tick, 0x4e) >= revisions.share) return reading;
  const changedAt = visibleAt + revisions.after;
  if (asOf < changedAt) return reading;
  const change = 1 + Math.floor(draw(seed, tick, 0x4f) * MOST_REVISED_MG_PER_DL);
  return { ...reading, mgPerDl: mgPerDl > 200 ? mgPerDl - change : mgPerDl + change, changedAt };
}
