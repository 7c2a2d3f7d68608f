import { utcOffsetOf } from '../../src/dexcom/instant';
import { readDeviceTime } from '../../src/glucose/deviceTime';

const AT = Date.parse('2026-11-22T12:00:00Z');

test.each([
  ['the zone that the text names', '2026-11-22T04:00:00-08:00', -8],
  ['a zone with stray seconds, to the minute', '2026-11-22T05:00:02-06:59:58', -7],
  ['a zone of three quarters', '2026-11-22T17:45:00+05:45', 5.75],
  ['the named zone, though the clock beside it is wrong', '2026-11-22T04:10:00-08:00', -8],
  ['UTC, where the device knows no other', '2026-11-22T12:00:00Z', 0],
  ['what lies between the two times', '2026-11-22T04:00:00', -8],
  ['the nearest half hour, where the clock has drifted', '2026-11-22T17:41:00', 5.5],
  ['nothing, for a clock a few minutes wrong', '2026-11-22T12:07:30', 0],
  ['the east-most zone', '2026-11-23T02:00:00', 14],
  ['the west-most zone', '2026-11-22T00:00:00', -12],
  ['a zone, though the date was set wrong by days', '2026-11-25T04:00:00', -8],
  ['a zone, though the year was', '2025-11-22T13:00:00', 1],
  ['what lies between, where the named zone is none', '2026-11-22T04:00:00+23:00', -8],
])('the offset is %s', (_, displayTime, hours) => {
  const shown = readDeviceTime(displayTime);
  if (!shown) throw new Error(`${displayTime} is not read`);
  expect(utcOffsetOf(AT, shown)).toBe(hours * 3600);
});
