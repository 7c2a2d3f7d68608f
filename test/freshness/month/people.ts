import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from './random';

/** Unix milliseconds, both. */
export interface Reading {
  readonly measuredAt: number;
  readonly visibleAt: number;
}

/** Somebody's month: every reading, and when Dexcom shows it. */
export interface Person {
  readonly name: string;
  /** A sensor that reads all month and a phone that passes each reading on at once: whom the goals are meant for. */
  readonly isRegular: boolean;
  readonly readings: readonly Reading[];
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.parse('2026-11-01T00:00:00Z');
export const DAYS = 30;
/** Their history begins before the month. */
const BEFORE = 2 * DAY;
const CADENCE = 5 * MINUTE;
const RECORDING = join(__dirname, '../../fixtures/clarity-g6-part.csv');

/** As many kinds of people as there are reasons to be late. */
export function everybody(): readonly Person[] {
  return [
    regular('steady, 0–10 s of jitter', (draw) => sensor(draw).map(shownAfter(() => 30 * SECOND + draw() * 10 * SECOND))),
    regular('an hour’s delay (US)', (draw) => sensor(draw).map(shownAfter(() => HOUR + draw() * 5 * SECOND))),
    regular('three hours’ delay', (draw) => sensor(draw).map(shownAfter(() => 3 * HOUR + draw() * 5 * SECOND))),
    irregular('one reading in thirty up to 90 s late', (draw) =>
      sensor(draw).map(shownAfter(() => 20 * SECOND + draw() * (draw() < 1 / 30 ? 90 : 5) * SECOND)),
    ),
    regular('a phone that drifts by 20 s a day', (draw) =>
      sensor(draw).map(shownAfter((at) => ((100 * SECOND + ((at - START) / DAY) * 20 * SECOND) % CADENCE) + draw() * 5 * SECOND)),
    ),
    regular('a new sensor every ten days', (draw) => changing(draw).map(shownAfter(() => 45 * SECOND + draw() * 10 * SECOND))),
    irregular('a Clarity recording, over and over', (draw) => recorded().map(shownAfter(() => HOUR + draw() * 5 * SECOND))),
    irregular('a sensor off for three days, and for two', (draw) =>
      sensor(draw)
        .filter(({ at }) => !isOff(at, 8, 11) && !isOff(at, 20, 22))
        .map(shownAfter(() => 60 * SECOND + draw() * 10 * SECOND)),
    ),
    irregular('a phone offline at night', (draw) => {
      const nights = Array.from({ length: DAYS + 3 }, (_, day) => ({
        from: START - BEFORE + day * DAY + 23 * HOUR + (draw() - 0.5) * 40 * MINUTE,
        to: START - BEFORE + day * DAY + 31 * HOUR + (draw() - 0.5) * 40 * MINUTE,
      }));
      return sensor(draw).map(({ at }) => {
        const night = nights.find(({ from, to }) => at >= from && at < to);
        return { measuredAt: at, visibleAt: (night?.to ?? at) + 30 * SECOND + (night ? 0 : draw() * 10 * SECOND) };
      });
    }),
    irregular('a phone that uploads hourly', (draw) => uploaded(sensor(draw), HOUR, () => (draw() - 0.5) * 2 * MINUTE)),
    irregular('a receiver uploaded every three weeks', (draw) => uploaded(sensor(draw), 21 * DAY, () => 5 * DAY + draw() * 6 * HOUR)),
    irregular('a delay that jumps between 4 minutes and 2 hours', (draw) =>
      sensor(draw).map(shownAfter((at) => (Math.floor((at - START) / (9 * HOUR)) % 2 === 0 ? 4 * MINUTE : 2 * HOUR) + draw() * 5 * SECOND)),
    ),
    irregular('a reading every 15 minutes', (draw) =>
      sensor(draw)
        .filter((_, index) => index % 3 === 0)
        .map(shownAfter(() => 40 * SECOND + draw() * 5 * SECOND)),
    ),
  ];
}

type Measured = { readonly at: number };
type Draw = () => number;

const regular = (name: string, readings: (draw: Draw) => readonly Reading[]) => person(name, true, readings);
const irregular = (name: string, readings: (draw: Draw) => readonly Reading[]) => person(name, false, readings);

function person(name: string, isRegular: boolean, readings: (draw: Draw) => readonly Reading[]): Person {
  const seed = [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  return { name, isRegular, readings: readings(seeded(seed)) };
}

/** Every five minutes, a second more or less, in a phase of its own. */
function sensor(draw: Draw, from = START - BEFORE, to = START + DAYS * DAY): readonly Measured[] {
  const phase = from + draw() * CADENCE;
  return Array.from({ length: Math.floor((to - phase) / CADENCE) }, (_, index) => ({
    at: Math.round(phase + index * CADENCE + (draw() - 0.5) * 2 * SECOND),
  }));
}

/** Each sensor warms up for half an hour to two hours and then has its own phase. */
function changing(draw: Draw): readonly Measured[] {
  const changes = [-2, 3, 13, 23, DAYS].map((day) => START + day * DAY + 9 * HOUR);
  return changes.slice(1).flatMap((to, index) => sensor(draw, (changes[index] ?? START) + (30 + draw() * 90) * MINUTE, to));
}

/** The times of a real recording, laid end to end. */
function recorded(): readonly Measured[] {
  const times = readFileSync(RECORDING, 'utf8')
    .split('\n')
    .map((line) => line.split(','))
    .flatMap(([, time, kind]) => (kind === 'EGV' ? [Date.parse(`${time}Z`)] : []));
  const [first = 0] = times;
  const lengthMs = (times.at(-1) ?? 0) - first + CADENCE;
  const rounds = Math.ceil((BEFORE + DAYS * DAY) / lengthMs);
  return Array.from({ length: rounds }, (_, round) =>
    times.map((time) => ({ at: START - BEFORE + round * lengthMs + time - first })),
  ).flat();
}

const isOff = (at: number, fromDay: number, toDay: number): boolean => at >= START + fromDay * DAY && at < START + toDay * DAY + 7 * HOUR;

const shownAfter =
  (delayMs: (at: number) => number) =>
  ({ at }: Measured): Reading => ({ measuredAt: at, visibleAt: Math.round(at + delayMs(at)) });

/** Shown at the next upload, some seconds after it. @param off how far an upload is from its time */
function uploaded(measured: readonly Measured[], everyMs: number, off: () => number): readonly Reading[] {
  const count = Math.ceil((BEFORE + DAYS * DAY) / everyMs) + 2;
  const uploads = Array.from({ length: count }, (_, index) => Math.round(START - BEFORE + index * everyMs + off()));
  let next = 0;
  return measured.map(({ at }) => {
    while ((uploads[next] ?? Infinity) < at) next++;
    return { measuredAt: at, visibleAt: (uploads[next] ?? Infinity) + 5 * SECOND };
  });
}
