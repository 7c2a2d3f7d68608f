import fc from 'fast-check';
import { BSON } from 'mongodb';
import { decodeDay, encodeDay, openDay, type PackedDay } from '../../src/glucose/dayCodec';
import { writeDeviceTime } from '../../src/glucose/deviceTimeForms';
import { PackedReading } from '../../src/glucose/packedReading';
import type { Reading } from '../../src/glucose/reading';
import { idHash } from '../../src/glucose/recordIdColumns';
import { anyStoredReading, DAY } from './arbitraryReadings';
import { readingAt } from './readings';

/** As the database gives it back. */
const stored = (packed: PackedDay): PackedDay => BSON.deserialize(BSON.serialize(packed)) as PackedDay;

/** What a reading says, each field asked for. */
const said = (reading: Reading): Reading => {
  const { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks, twins } =
    reading;
  return { at, mgPerDl, recordId, trend, trendRateMgPerDlPerMin, status, utcOffsetSeconds, rawTimes, device, transmitterTicks, twins };
};

describe('a day in columns', () => {
  test('comes back exactly as it was, whatever its readings are', () => {
    fc.assert(
      fc.property(fc.array(anyStoredReading, { maxLength: 20 }), (readings) => {
        expect(decodeDay(DAY, stored(encodeDay(DAY, readings)))).toStrictEqual(readings);
      }),
      { numRuns: 500 },
    );
  });

  test('says the same where its readings stay packed', () => {
    fc.assert(
      fc.property(fc.array(anyStoredReading, { maxLength: 4 }), (readings) => {
        const opened = openDay(DAY, stored(encodeDay(DAY, readings)));
        expect(opened.map(said)).toStrictEqual(readings.map(said));
      }),
      { numRuns: 1_000 },
    );
  });

  test('knows an id by the same number, packed or not', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uuid(), fc.string()), { minLength: 1 }), (ids) => {
        const opened = openDay(
          DAY,
          stored(
            encodeDay(
              DAY,
              ids.map((recordId, n) => readingAt(DAY + n, { recordId })),
            ),
          ),
        );
        expect(opened.map((reading) => (reading instanceof PackedReading ? reading.idHash() : null))).toEqual(ids.map(idHash));
      }),
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
    expect(() => openDay(DAY, damage(packed)).map(said)).toThrow(RangeError);
  });
});
