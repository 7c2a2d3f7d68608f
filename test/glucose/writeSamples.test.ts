import fc from 'fast-check';
import { encodeDay, openDay } from '../../src/glucose/dayCodec';
import { JsonBytes } from '../../src/glucose/jsonBytes';
import type { Reading, StoredReading } from '../../src/glucose/reading';
import { isMeasured, toSample } from '../../src/glucose/sample';
import { writeSamples } from '../../src/glucose/writeSamples';
import { anyStoredReading, DAY } from './arbitraryReadings';
import { PHONE, RECEIVER, readingAt } from './readings';

/** Times that a clock can show at all: `toSample` tells no others. */
const tellable = anyStoredReading.filter(({ at, utcOffsetSeconds, rawTimes, twins }) =>
  [at, rawTimes?.displayAt ?? 0, at + (utcOffsetSeconds ?? 0) * 1000, ...twins.map((twin) => twin.at)].every(
    (time) => Math.abs(time) <= 8.64e15,
  ),
);

const DAY_MS = 86_400_000;

/** As a page has them: in the columns of a stored day each, one after the other, however they are mixed. */
function packed(readings: readonly StoredReading[]): readonly Reading[] {
  const opened: Reading[] = [];
  for (let from = 0; from < readings.length; ) {
    const dayStart = dayStartOf(readings[from]);
    let to = from;
    while (to < readings.length && dayStartOf(readings[to]) === dayStart) to++;
    opened.push(...openDay(dayStart, encodeDay(dayStart, readings.slice(from, to))));
    from = to;
  }
  return opened;
}

const dayStartOf = (reading: StoredReading | undefined): number => Math.floor((reading?.at ?? 0) / DAY_MS) * DAY_MS;

function written(readings: readonly StoredReading[], size = 64): string {
  const out = new JsonBytes(new Uint8Array(size));
  writeSamples(out, packed(readings));
  return Buffer.from(out.finish()).toString();
}

/** Most as a sensor's are, so that they stay in columns; neighbours share what neighbours share, and now and then one is unlike them. */
const usual = fc
  .record({
    minute: fc.nat({ max: 3 * 1_440 }),
    ms: fc.oneof(fc.constant(0), fc.nat({ max: 59_999 })),
    mgPerDl: fc.option(fc.integer({ min: 30, max: 1_200 }), { freq: 10 }),
    trend: fc.constantFrom('flat', 'singleUp', 'nie "gesehen"', null),
    rate: fc.option(fc.integer({ min: -1_200, max: 1_200 }), { freq: 10 }),
    status: fc.constantFrom(null, null, null, 'ok'),
    offset: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(-28_800, 3_600) }, fc.constantFrom(null, 0, 86_400, 90_000, -59)),
    device: fc.constantFrom(PHONE, RECEIVER, { ...PHONE, transmitterId: null, displayApp: 'größer' }),
    ticks: fc.oneof({ weight: 10, arbitrary: fc.nat({ max: 1_200 }) }, fc.constantFrom(null, -1, 9, 99_999, 2 ** 31)),
    recordId: fc.oneof({ weight: 20, arbitrary: fc.uuid() }, fc.string()),
    isTwin: fc.nat({ max: 6 }).map((n) => n === 0),
    rawTimes: fc.oneof({ weight: 20, arbitrary: fc.constant(null) }, fc.constant({ systemTime: 'x', displayTime: null, displayAt: null })),
  })
  .map(({ minute, ms, rate, offset, ticks, isTwin, ...fields }): StoredReading => {
    const at = DAY + minute * 60_000 + ms;
    return readingAt(at, {
      ...fields,
      trendRateMgPerDlPerMin: rate === null ? null : rate / 100 + 0,
      utcOffsetSeconds: offset,
      transmitterTicks: ticks,
      twins: isTwin ? [{ ...readingAt(at + 1, { device: RECEIVER }), announced: false, announcedMgPerDl: null }] : [],
    });
  });

const stringified = (readings: readonly StoredReading[]): string =>
  JSON.stringify(readings.flatMap((reading) => (isMeasured(reading) ? [toSample(reading)] : [])));

describe('samples written as JSON', () => {
  test('are what JSON.stringify makes of them, byte by byte, for any readings', () => {
    fc.assert(
      fc.property(fc.array(tellable, { maxLength: 8 }), (readings) => {
        expect(written(readings)).toBe(stringified(readings));
      }),
      { numRuns: 2_000 },
    );
  });

  test('are so for days of sensors’ readings, in whichever order', () => {
    fc.assert(
      fc.property(fc.array(usual, { maxLength: 40 }), fc.boolean(), (readings, inOrder) => {
        const given = inOrder ? readings.toSorted((a, b) => a.at - b.at) : readings;
        expect(written(given)).toBe(stringified(given));
      }),
      { numRuns: 500 },
    );
  });

  test('are so for every value, every offset a zone has, and every second of a day', () => {
    const readings = Array.from({ length: 86_400 / 7 }, (_, n) =>
      readingAt(DAY + n * 7_001, {
        mgPerDl: n % 500,
        utcOffsetSeconds: ((n % 107) - 52) * 900,
        trendRateMgPerDlPerMin: (n % 161) / 10 - 8,
        transmitterTicks: n ** 3,
      }),
    );
    expect(written(readings)).toBe(stringified(readings));
  });

  test.each([-28_800, -1, 0, null, 59, 20_700, 86_400, -86_400])(
    'are so over several days of two devices in turns, where the person’s clock is %p seconds off',
    (utcOffsetSeconds) => {
      const readings = Array.from({ length: 400 }, (_, n) =>
        readingAt(DAY + n * 900_000 - (n % 3), {
          utcOffsetSeconds,
          device: n % 5 === 0 ? RECEIVER : PHONE,
          transmitterTicks: n % 3 ? n : null,
        }),
      );
      expect(written(readings)).toBe(stringified(readings));
      expect(written(readings.toReversed())).toBe(stringified(readings.toReversed()));
    },
  );

  test.each([1, 1_000, 100_000])('fit a buffer that begins with %d bytes', (size) => {
    const readings = [readingAt(DAY, {}), readingAt(DAY + 1, { status: 'ü'.repeat(5_000), recordId: 'not "plain"\n' })];
    expect(written(readings, size)).toBe(stringified(readings));
  });

  test.each([0, 9, 10, 99, 100, 12_345_678, 2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER, -1, 0.5, null])(
    'tell %p ticks',
    (transmitterTicks) => {
      const readings = [readingAt(DAY, { transmitterTicks })];
      expect(written(readings)).toBe(stringified(readings));
    },
  );
});
