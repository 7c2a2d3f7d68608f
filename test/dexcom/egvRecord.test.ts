import { DeviceNames } from '../../src/dexcom/deviceNames';
import { readEgv } from '../../src/dexcom/egvRecord';

const NOW = Date.parse('2026-11-22T12:00:00Z');

/** Dexcom's own sample (dexcom-api.md §2.4). */
const sample = {
  recordId: '2cab70ee-d3b4-5a34-9aa9-767513ab72bd',
  systemTime: '2025-01-30T23:49:55Z',
  displayTime: '2025-01-30T15:49:55-08:00',
  transmitterId: 'cdb4f8eea4392295413c64d5bc7a9e0e0ee9b215fb43c5a6d71d4431e540046b',
  transmitterTicks: 85273,
  value: 39,
  status: 'low',
  trend: 'flat',
  trendRate: 0,
  unit: 'mg/dL',
  rateUnit: 'mg/dL/min',
  displayDevice: 'iOS',
  transmitterGeneration: 'g7',
  displayApp: 'G7',
};

const read = (record: unknown) => readEgv(record, new DeviceNames(), NOW);
const without = (field: keyof typeof sample) => Object.fromEntries(Object.entries(sample).filter(([name]) => name !== field));

test('Dexcom’s own sample is a reading with everything it says', () => {
  expect(read(sample)).toEqual({
    at: Date.parse('2025-01-30T23:49:55Z'),
    mgPerDl: 39,
    recordId: sample.recordId,
    trend: 'flat',
    trendRateMgPerDlPerMin: 0,
    status: 'low',
    utcOffsetSeconds: -28_800,
    rawTimes: null,
    device: { transmitterId: sample.transmitterId, generation: 'g7', variant: null, displayDevice: 'iOS', displayApp: 'G7' },
    transmitterTicks: 85273,
    twins: [],
    mark: 0,
    change: 'none',
  });
});

describe('an odd record is a reading all the same', () => {
  test.each([
    [
      'a number as a string',
      { value: '120', transmitterTicks: '7', trendRate: '-1.3' },
      { mgPerDl: 120, transmitterTicks: 7, trendRateMgPerDlPerMin: -1.3 },
    ],
    ['no value', { value: null }, { mgPerDl: null }],
    ['an empty value', { value: '' }, { mgPerDl: null }],
    ['above the range', { value: 401, status: 'high' }, { mgPerDl: 401, status: 'high' }],
    ['mmol/L, which the schema allows', { value: 5.5, unit: 'mmol/L' }, { mgPerDl: 99 }],
    ['an unknown unit', { value: 120, unit: 'unknown' }, { mgPerDl: 120 }],
    ['a fraction', { value: 120.6 }, { mgPerDl: 121 }],
    ['unknown words', { trend: 'sideways', status: 'ok' }, { trend: 'sideways', status: 'ok' }],
    ['words that are numbers', { trend: 4, status: false }, { trend: '4', status: 'false' }],
    [
      'nothing in words',
      { trend: null, status: '', trendRate: null, transmitterTicks: null },
      { trend: null, status: null, trendRateMgPerDlPerMin: null, transmitterTicks: null },
    ],
    [
      'nonsense in what is not needed',
      { trendRate: 'x', transmitterTicks: {}, trend: [] },
      { trendRateMgPerDlPerMin: null, transmitterTicks: null, trend: null },
    ],
    ['minus zero', { trendRate: -0 }, { trendRateMgPerDlPerMin: 0 }],
    [
      'an unknown device',
      { displayDevice: 'watch', transmitterGeneration: 'g6 pro', transmitterId: '' },
      { device: { transmitterId: null, generation: 'g6 pro', variant: null, displayDevice: 'watch', displayApp: 'G7' } },
    ],
    ['unknown fields', { sensorMood: 'sunny' }, { mgPerDl: 39 }],
    ['a time within the next day', { systemTime: '2026-11-23T11:59:59Z' }, { at: NOW + 86_399_000 }],
    ['no displayTime', { displayTime: null }, { utcOffsetSeconds: null, rawTimes: null }],
    [
      'a displayTime nobody can read',
      { displayTime: 'noon' },
      { utcOffsetSeconds: null, rawTimes: { systemTime: sample.systemTime, displayTime: 'noon', displayAt: null } },
    ],
    [
      'a receiver’s times',
      { systemTime: '2025-01-30T23:49:55', displayTime: '2025-01-30T15:50:32' },
      {
        at: Date.parse('2025-01-30T23:49:55Z'),
        utcOffsetSeconds: -28_800,
        rawTimes: { systemTime: '2025-01-30T23:49:55', displayTime: '2025-01-30T15:50:32', displayAt: Date.parse('2025-01-30T15:50:32Z') },
      },
    ],
  ])('%s', (_, change, expected) => {
    const reading = read({ ...sample, ...change });
    expect(reading).toMatchObject(expected);
  });

  test.each([
    'displayTime',
    'transmitterId',
    'transmitterTicks',
    'value',
    'status',
    'trend',
    'trendRate',
    'unit',
    'rateUnit',
    'displayDevice',
    'transmitterGeneration',
    'displayApp',
  ] as const)('without %s', (field) => {
    expect(read(without(field))).toMatchObject({ recordId: sample.recordId });
  });
});

describe('a record that is none is rejected with the field’s name and none of its content', () => {
  test.each([
    ['null', null, 'the record is no object'],
    ['a list', [sample], 'the record is no object'],
    ['no recordId', without('recordId'), 'recordId is missing'],
    ['an empty recordId', { ...sample, recordId: '' }, 'recordId is missing'],
    ['no systemTime', without('systemTime'), 'systemTime is missing'],
    ['a systemTime that is none', { ...sample, systemTime: 'yesterday' }, 'systemTime cannot be read'],
    ['a day from now and more', { ...sample, systemTime: '2026-11-23T12:00:00.001Z' }, 'systemTime is in the future'],
    ['a zero time', { ...sample, systemTime: '0001-01-01T00:00:00Z' }, 'systemTime is before the first sensor'],
    ['a word for a value', { ...sample, value: 'a lot' }, 'value is no glucose value'],
    ['an object for a value', { ...sample, value: {} }, 'value is no glucose value'],
    ['a value below nothing', { ...sample, value: -1 }, 'value is no glucose value'],
    ['a value beyond all', { ...sample, value: 1e9 }, 'value is no glucose value'],
  ])('%s', (_, record, reason) => {
    expect(read(record)).toBe(reason);
  });
});
