import { isMeasured, type MeasuredReading, toSample } from '../../src/glucose/sample';
import { outOfRange, toMgPerDl, toMmolPerL } from '../../src/glucose/units';
import { PHONE, RECEIVER, readingAt, recordIdOf } from './readings';

const AT = Date.parse('2026-11-22T08:05:12.438Z');

const measured = (change: Parameters<typeof readingAt>[1] = {}): MeasuredReading => ({
  ...readingAt(AT, change),
  mgPerDl: change.mgPerDl ?? 104,
});

describe('mg/dL and mmol/L', () => {
  test.each([
    [39, 2.16479],
    [40, 2.2203],
    [70, 3.88552],
    [100, 5.55075],
    [180, 9.99135],
    [400, 22.20299],
    [401, 22.2585],
    [0, 0],
  ])('%s mg/dL are %s mmol/L', (mgPerDl, mmolPerL) => {
    expect(toMmolPerL(mgPerDl)).toBe(mmolPerL);
  });

  test('an app that rounds to the one decimal people read sees what it would have seen unrounded, and can tell the mg/dL', () => {
    for (let mgPerDl = 0; mgPerDl <= 1000; mgPerDl++) {
      const told = toMmolPerL(mgPerDl);
      for (const digits of [0, 1]) expect(told.toFixed(digits)).toBe((mgPerDl / 18.01559).toFixed(digits));
      expect(Math.round(toMgPerDl(told))).toBe(mgPerDl);
    }
  });

  test.each([
    [39, 'low'],
    [40, null],
    [400, null],
    [401, 'high'],
    [null, null],
  ])('%s is out of range: %s', (mgPerDl, expected) => {
    expect(outOfRange(mgPerDl)).toBe(expected);
  });
});

describe('a sample', () => {
  test('is Vital’s, with everything the record had beside it', () => {
    const twin = {
      ...readingAt(AT + 4000, { device: RECEIVER, recordId: recordIdOf('twin'), mgPerDl: 105 }),
      announced: false,
      announcedMgPerDl: null,
    };
    expect(
      toSample(measured({ twins: [twin], status: 'ok', trend: 'sideways', trendRateMgPerDlPerMin: -1.3, transmitterTicks: 77 })),
    ).toEqual({
      id: null,
      timestamp: '2026-11-22T08:05:12+00:00',
      timezone_offset: -28_800,
      type: null,
      unit: 'mmol/L',
      value: 5.77278,
      value_mg_per_dl: 104,
      out_of_range: null,
      trend: 'sideways',
      trend_rate_mg_per_dl_per_min: -1.3,
      status: 'ok',
      record_id: recordIdOf(String(AT)),
      system_time: '2026-11-22T08:05:12.438Z',
      display_time: '2026-11-22T00:05:12-08:00',
      transmitter_ticks: 77,
      device: {
        transmitter_id: PHONE.transmitterId,
        transmitter_generation: 'g7',
        transmitter_generation_variant: 'g7',
        display_device: 'iOS',
        display_app: 'G7',
      },
      also_reported: [
        { record_id: recordIdOf('twin'), system_time: '2026-11-22T08:05:16.438Z', value_mg_per_dl: 105, display_device: 'receiver' },
      ],
    });
  });

  test.each([
    ['the offset there is', { utcOffsetSeconds: 20_700 }, '2026-11-22T13:50:12+05:45'],
    ['no offset where none is known', { utcOffsetSeconds: null }, null],
    [
      'the clock that was seen, though it was wrong',
      { utcOffsetSeconds: -28_800, rawTimes: { systemTime: 'a', displayTime: 'b', displayAt: Date.parse('2026-11-22T00:15:12Z') } },
      '2026-11-22T00:15:12-08:00',
    ],
    [
      'nothing where the clock cannot be read',
      { utcOffsetSeconds: null, rawTimes: { systemTime: 'a', displayTime: 'b', displayAt: null } },
      null,
    ],
  ])('shows %s', (_, change, expected) => {
    expect(toSample(measured(change)).display_time).toBe(expected);
  });

  test('is not made of a reading without a value', () => {
    expect([readingAt(AT, { mgPerDl: null }), readingAt(AT, { mgPerDl: 39 })].map(isMeasured)).toEqual([false, true]);
  });
});
