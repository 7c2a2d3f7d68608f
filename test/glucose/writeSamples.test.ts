import fc from 'fast-check';
import { JsonBytes } from '../../src/glucose/jsonBytes';
import type { StoredReading } from '../../src/glucose/reading';
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

function written(readings: readonly StoredReading[], size = 64): string {
  const out = new JsonBytes(new Uint8Array(size));
  writeSamples(out, readings);
  return Buffer.from(out.finish()).toString();
}

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
