import fc from 'fast-check';
import { readDeviceTime } from '../../src/glucose/deviceTime';
import { deviceTimeForm, rebuildTimes, writeDeviceTime } from '../../src/glucose/deviceTimeForms';

const clock = (iso: string): number => Date.parse(`${iso}Z`);

describe('every form of time that has been served is read', () => {
  test.each([
    ['2022-02-06T09:12:35Z', '2022-02-06T09:12:35', 0],
    ['2022-02-06T09:12:35+00:00', '2022-02-06T09:12:35', 0],
    ['2022-02-06T01:12:35-08:00', '2022-02-06T01:12:35', -28_800],
    ['2022-06-17T03:59:11', '2022-06-17T03:59:11', null],
    ['2022-12-05T15:00:25.438Z', '2022-12-05T15:00:25.438', 0],
    ['2022-12-05T15:00:25.4Z', '2022-12-05T15:00:25.400', 0],
    ['2022-12-05T15:00:25.438123456Z', '2022-12-05T15:00:25.438', 0],
    ['2022-12-05T15:00:25.999999999-08:00', '2022-12-05T15:00:25.999', -28_800],
    ['2022-12-05T15:00:25.000Z', '2022-12-05T15:00:25', 0],
    ['2022-12-05T15:00:25,438Z', '2022-12-05T15:00:25.438', 0],
    // Without seconds.
    ['2021-02-03T14:15Z', '2021-02-03T14:15:00', 0],
    ['2021-02-03T14:15', '2021-02-03T14:15:00', null],
    ['2021-02-03T14:15-08:00', '2021-02-03T14:15:00', -28_800],
    // Without padding.
    ['2021-2-3T4:5:6Z', '2021-02-03T04:05:06', 0],
    ['2021-2-3 4:5', '2021-02-03T04:05:00', null],
    ['2021-12-3T14:5:6-8:00', '2021-12-03T14:05:06', -28_800],
    // A blank, or small letters.
    ['2021-02-03 14:15:16', '2021-02-03T14:15:16', null],
    ['2021-02-03 14:15:16 -08:00', '2021-02-03T14:15:16', -28_800],
    ['2021-02-03t14:15:16z', '2021-02-03T14:15:16', 0],
    [' 2021-02-03T14:15:16Z ', '2021-02-03T14:15:16', 0],
    // Offsets in every length.
    ['2021-02-03T14:15:16-04', '2021-02-03T14:15:16', -14_400],
    ['2021-02-03T14:15:16-4', '2021-02-03T14:15:16', -14_400],
    ['2021-02-03T14:15:16-0400', '2021-02-03T14:15:16', -14_400],
    ['2021-02-03T14:15:16+0545', '2021-02-03T14:15:16', 20_700],
    ['2021-02-03T14:15:16-04:00:00', '2021-02-03T14:15:16', -14_400],
    ['2021-02-03T14:15:16-06:59:58', '2021-02-03T14:15:16', -25_198],
    ['2021-04-05T10:52:48-06:59:59', '2021-04-05T10:52:48', -25_199],
    ['2021-02-03T14:15:16-065958', '2021-02-03T14:15:16', -25_198],
    ['2021-02-03T14:15:16-00:00', '2021-02-03T14:15:16', 0],
    ['2021-02-03T14:15:16+13:45', '2021-02-03T14:15:16', 49_500],
    // The ends of days, months and years.
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59', 0],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00', 0],
    ['2026-12-31T23:59:59.999Z', '2026-12-31T23:59:59.999', 0],
  ])('%s', (text, wall, zoneSeconds) => {
    expect(readDeviceTime(text)).toMatchObject({ clockAt: clock(wall), zoneSeconds });
  });

  test.each([
    '',
    'yesterday',
    '2021-02-03',
    '14:15:16',
    '2021-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2021-13-01T00:00:00Z',
    '2021-00-01T00:00:00Z',
    '2021-01-00T00:00:00Z',
    '2021-01-01T24:00:00Z',
    '2021-01-01T00:60:00Z',
    '2021-01-01T00:00:61Z',
    '2021-01-01T00:00:00+24:00',
    '2021-01-01T00:00:00+00:60',
    '2021-01-01T00:00:00Z and more',
    '2021-01-01T00:00:0xZ',
    '2021-01-01T00:00:00.Z',
    '2021-01-01T00:00:00.0123456789Z',
    '1637000000000',
  ])('%s is no time', (text) => {
    expect(readDeviceTime(text)).toBeNull();
  });
});

test('whatever can be written is read back as the same instant, and its form is known', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: clock('2004-01-01T00:00:00'), max: clock('2100-01-01T00:00:00') }),
      fc.integer({ min: -48, max: 56 }),
      fc.integer({ min: 0, max: 19 }),
      (clockAt, quarters, form) => {
        const text = writeDeviceTime(form, clockAt, quarters * 900);
        const read = readDeviceTime(text);
        expect(read?.clockAt).toBe(clockAt);
        if (text.endsWith('Z')) expect(read?.zoneSeconds).toBe(0);
        const known = deviceTimeForm(text);
        expect(known === null ? null : writeDeviceTime(known, clockAt, quarters * 900)).toBe(text);
      },
    ),
  );
});

test('the usual forms are rebuilt from instant and offset alone', () => {
  const at = clock('2025-01-30T23:49:55');
  expect(rebuildTimes({ at, utcOffsetSeconds: -28_800, rawTimes: null })).toEqual({
    systemTime: '2025-01-30T23:49:55Z',
    displayTime: '2025-01-30T15:49:55-08:00',
  });
  expect(rebuildTimes({ at: at + 4, utcOffsetSeconds: null, rawTimes: null })).toEqual({
    systemTime: '2025-01-30T23:49:55.004Z',
    displayTime: null,
  });
});
