import fc from 'fast-check';
import { isSameMeasurement, oncePerMeasurement } from '../../src/glucose/oncePerMeasurement';
import type { Reading, StoredReading } from '../../src/glucose/reading';
import { PHONE, RECEIVER, readingAt, recordIdOf } from './readings';

const START = Date.parse('2026-01-01T00:00:00.438Z');
const FIVE_MINUTES = 300_000;

/** How one app of Dexcom's tells a sensor's readings. */
interface Telling {
  readonly app: string;
  readonly transmitterId: string | null;
  readonly hasTicks: boolean;
}

/** One app's record of the reading number `n` of a person. */
const told = (n: number, { app, transmitterId, hasTicks }: Telling): StoredReading => {
  const at = START + n * FIVE_MINUTES;
  const reading = readingAt(at, { recordId: recordIdOf(`${app} ${n}`), device: { ...PHONE, transmitterId } });
  return hasTicks ? reading : { ...reading, transmitterTicks: null };
};
const numberOf = ({ at }: Reading): number => (at - START) / FIVE_MINUTES;

describe('of connections of several apps', () => {
  test('each measurement that any of them has is shown once, by the first that has it', () => {
    const telling = fc.record({ transmitterId: fc.constantFrom('a'.repeat(64), 'b'.repeat(64), null), hasTicks: fc.boolean() });
    const connected = fc.array(fc.tuple(telling, fc.uniqueArray(fc.nat(40), { maxLength: 30 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(connected, (all) => {
        const lists = all.map(([how, numbers], n) => ({
          app: `app ${n}`,
          readings: numbers.toSorted((a, b) => a - b).map((number) => told(number, { app: `app ${n}`, ...how })),
        }));
        const shown = oncePerMeasurement(lists);
        const expected = [...new Set(all.flatMap(([, numbers]) => numbers))].sort((a, b) => a - b);
        expect([...shown.keys()].map(numberOf).sort((a, b) => a - b)).toEqual(expected);

        for (const [reading, hidden] of shown) {
          const first = lists.find(({ readings }) => readings.some(({ at }) => at === reading.at));
          expect(first?.readings).toContain(reading);
          for (const other of hidden) expect(other.at).toBe(reading.at);
        }
        const everything = lists.flatMap(({ readings }) => readings);
        expect(new Set([...shown].flatMap(([reading, hidden]) => [reading, ...hidden]))).toEqual(new Set(everything));
      }),
    );
  });

  test('two that one app had in one second stay two', () => {
    const twice = (app: string) =>
      ['one', 'other'].map((name) => ({
        ...told(1, { app, transmitterId: null, hasTicks: false }),
        recordId: recordIdOf(`${app} ${name}`),
      }));
    const shown = oncePerMeasurement([
      { app: 'new', readings: twice('new').slice(0, 1) },
      { app: 'old', readings: twice('old') },
    ]);
    expect([...shown.values()].map((hidden) => hidden.length).sort()).toEqual([0, 1]);
  });

  test('a reading is known by the report that its other one is shown in place of', () => {
    const phone = told(1, { app: 'new', transmitterId: PHONE.transmitterId, hasTicks: true });
    const receiver = { ...phone, at: phone.at + 9_000, device: RECEIVER, recordId: recordIdOf('new receiver') };
    const pair = { ...phone, twins: [{ ...receiver, announced: false, announcedMgPerDl: null }] };
    const old = { ...receiver, recordId: recordIdOf('old receiver') };
    expect([
      ...oncePerMeasurement([
        { app: 'new', readings: [pair] },
        { app: 'old', readings: [old] },
      ]),
    ]).toEqual([[pair, [old]]]);
  });

  test('nothing is hidden by a record without a value', () => {
    const old = told(1, { app: 'old', transmitterId: null, hasTicks: true });
    const empty = { ...old, recordId: recordIdOf('new'), mgPerDl: null };
    expect([
      ...oncePerMeasurement([
        { app: 'new', readings: [empty] },
        { app: 'old', readings: [old] },
      ]).keys(),
    ]).toEqual([empty, old]);
  });
});

test('two connections of one app are two people: the same second and value hide nothing', () => {
  const readings = (name: string) => [{ ...told(1, { app: 'one', transmitterId: null, hasTicks: false }), recordId: recordIdOf(name) }];
  const shown = oncePerMeasurement([
    { app: 'one', readings: readings('a') },
    { app: 'one', readings: readings('b') },
  ]);
  expect(shown.size).toBe(2);
});

describe('two records of two apps', () => {
  const one = told(1, { app: 'one', transmitterId: 'a'.repeat(64), hasTicks: true });
  const same = { ...one, recordId: recordIdOf('other') };
  const untold = { ...same, transmitterTicks: null };

  test.each<[boolean, string, StoredReading]>([
    [true, 'the same transmitter and tick', same],
    [true, 'the same transmitter and tick, its time corrected by seconds', { ...same, at: one.at + 20_000 }],
    [true, 'the same transmitter and tick, its value corrected', { ...same, mgPerDl: 300 }],
    [true, 'a transmitter by another name, the same tick and second', { ...same, device: { ...PHONE, transmitterId: 'c'.repeat(64) } }],
    [
      false,
      'a transmitter by another name and the same tick at another time',
      {
        ...same,
        at: one.at + 20_000,
        device: { ...PHONE, transmitterId: 'c'.repeat(64) },
      },
    ],
    [false, 'the same second and value, another tick', { ...same, transmitterTicks: 5 }],
    [true, 'no tick, the same transmitter and second', { ...untold, mgPerDl: 300 }],
    [true, 'no tick, the same second and value', { ...untold, device: { ...PHONE, transmitterId: null } }],
    [false, 'no tick, the same second, another value', { ...untold, mgPerDl: 300, device: { ...PHONE, transmitterId: null } }],
    [false, 'no tick, the same value, another second', { ...untold, at: one.at + 1_000 }],
    [false, 'another generation of sensors', { ...untold, device: { ...PHONE, transmitterId: null, generation: 'g6' } }],
  ])('are one measurement: %s, with %s', (expected, _, other) => {
    expect([isSameMeasurement(one, other), isSameMeasurement(other, one)]).toEqual([expected, expected]);
  });
});
