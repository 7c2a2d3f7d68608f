import fc from 'fast-check';
import { BSON } from 'mongodb';
import { decodeDay, encodeDay, type PackedDay } from '../../src/glucose/dayCodec';
import { writeDeviceTime } from '../../src/glucose/deviceTimeForms';
import { anyStoredReading, DAY } from './arbitraryReadings';
import { readingAt } from './readings';

/** As the database gives it back. */
const stored = (packed: PackedDay): PackedDay => BSON.deserialize(BSON.serialize(packed)) as PackedDay;

describe('a day in columns', () => {
  test('comes back exactly as it was, whatever its readings are', () => {
    fc.assert(
      fc.property(fc.array(anyStoredReading, { maxLength: 20 }), (readings) => {
        expect(decodeDay(DAY, stored(encodeDay(DAY, readings)))).toStrictEqual(readings);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps a receiver’s unusual times without storing the strings', () => {
    const readings = Array.from({ length: 288 }, (_, i) => {
      const at = DAY + i * 300_000;
      const displayAt = at - 28_800_000 + 37_000;
      const rawTimes = { systemTime: writeDeviceTime(0, at, 0), displayTime: writeDeviceTime(0, displayAt, 0), displayAt };
      return readingAt(at, { rawTimes, utcOffsetSeconds: -28_800 });
    });

    const packed = encodeDay(DAY, readings);
    expect(packed.texts).toEqual([]);
    expect(packed.odd).toEqual([]);
    expect(decodeDay(DAY, stored(packed))).toStrictEqual(readings);
  });

  test('costs less than 30 bytes a reading in a live day', () => {
    const readings = Array.from({ length: 288 }, (_, i) =>
      readingAt(DAY + i * 300_000 + ((i * 7919) % 4000), { mark: i + 1, change: 'created' }),
    );
    expect(BSON.calculateObjectSize(encodeDay(DAY, readings)) / 288).toBeLessThan(30);
  });

  test.each([
    ['a column is cut off', (packed: PackedDay) => ({ ...packed, columns: new BSON.Binary(packed.columns.buffer.slice(0, 20)) })],
    ['record ids are missing', (packed: PackedDay) => ({ ...packed, ids: new BSON.Binary(new Uint8Array(16)) })],
    ['a word is missing', (packed: PackedDay) => ({ ...packed, words: [] })],
    ['a device is missing', (packed: PackedDay) => ({ ...packed, devices: [] })],
    ['it counts more readings than it has', (packed: PackedDay) => ({ ...packed, count: 4 })],
  ])('is refused, not misread, where %s', (_, damage) => {
    const packed = encodeDay(
      DAY,
      [0, 1, 2].map((i) => readingAt(DAY + i * 300_000, {})),
    );
    expect(() => decodeDay(DAY, damage(packed))).toThrow(RangeError);
  });
});
