import { ianaTimeZone } from '../../src/users/ianaTimeZone';

test('every zone that this runtime lists is IANA’s, in the spelling that it has there', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  expect(zones.length).toBeGreaterThan(400);
  expect(zones.filter((zone) => ianaTimeZone(zone.toLowerCase()) !== zone)).toEqual([]);
});
