import { dayId } from '../../src/glucose/dayIds';
import { daysToRead, merge } from '../../src/glucose/merge';
import type { Reading } from '../../src/glucose/reading';
import { CONNECTION, DayStore } from './dayStore';
import { PHONE, RECEIVER, readingAt, recordIdOf } from './readings';

const MIDNIGHT = Date.parse('2026-11-22T00:00:00Z');
const MINUTE = 60_000;
const LIVE_FROM = MIDNIGHT - 10 * MINUTE;

const record = (name: string, at: number, change: Partial<Reading> = {}): Reading => {
  const { mark, change: _, ...reading } = readingAt(at, { recordId: recordIdOf(name), transmitterTicks: null, trend: 'flat', ...change });
  return reading;
};

const told = (store: DayStore) => store.told.map(({ change, recordId, mgPerDl }) => `${change} ${names.get(recordId)} ${mgPerDl}`);
const names = new Map(['a', 'b', 'phone', 'receiver'].map((name) => [recordIdOf(name), name]));
const shown = (store: DayStore) =>
  store.readings().map(({ recordId, twins }) => [recordId, ...twins.map((twin) => twin.recordId)].map((id) => names.get(id)).join('+'));

describe('news and history', () => {
  test('a new reading is told once, and the same answer again changes no day', () => {
    const store = new DayStore(LIVE_FROM);
    const answer = [record('a', MIDNIGHT, { mgPerDl: 100 })];
    store.pull(answer, 'live');
    expect(
      merge([...store.days.values()], answer, { connection: { ...CONNECTION, liveFrom: LIVE_FROM }, purpose: 'live', pullSeq: 2 }),
    ).toEqual({
      days: [],
      created: 0,
      updated: 0,
      moved: 0,
      added: 0,
      again: false,
    });
    expect(told(store)).toEqual(['created a 100']);
  });

  test.each([
    ['a correction', { mgPerDl: 105 }, ['created a 100', 'updated a 105']],
    ['another trend', { trend: 'singleUp' }, ['created a 100', 'updated a 100']],
    ['another time', { at: MIDNIGHT + 1000 }, ['created a 100', 'updated a 100']],
    ['another way to write a time', { rawTimes: { systemTime: 'x', displayTime: null, displayAt: null } }, ['created a 100']],
    ['a device with another name', { device: { ...PHONE, variant: 'g7 15 day' } }, ['created a 100']],
  ])('%s of a reading that was told', (_, change, expected) => {
    const store = new DayStore(LIVE_FROM);
    store.pull([record('a', MIDNIGHT, { mgPerDl: 100 })], 'live');
    store.pull([record('a', MIDNIGHT, { mgPerDl: 100, ...change })], 'live');
    expect(told(store)).toEqual(expected);
    expect(store.readings()[0]).toMatchObject({ mgPerDl: 100, ...change });
  });

  test('what was measured before the first consent is silent in a backfill, and its corrections too', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([record('a', LIVE_FROM - 1, { mgPerDl: 100 }), record('b', LIVE_FROM, { mgPerDl: 110 })], 'backfill');
    store.pull([record('a', LIVE_FROM - 1, { mgPerDl: 90 })], 'backfill');
    expect(told(store)).toEqual(['created b 110']);
    expect(store.readings()[0]).toMatchObject({ mgPerDl: 90, mark: 0, change: 'none' });
  });

  test('history that a sweep finds corrected is told, and from then on by backfills too', () => {
    const store = new DayStore(LIVE_FROM);
    for (const [mgPerDl, purpose] of [
      [100, 'backfill'],
      [105, 'sweep'],
      [110, 'backfill'],
    ] as const) {
      store.pull([record('a', LIVE_FROM - 1, { mgPerDl })], purpose);
    }
    expect(told(store)).toEqual(['updated a 105', 'updated a 110']);
  });

  test('a late reading from before the first consent is news where no backfill brings it', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([record('a', LIVE_FROM - 1, { mgPerDl: 100 })], 'sweep');
    expect(told(store)).toEqual(['created a 100']);
  });

  test('a reading without a value is kept in silence and told once it has one', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([record('a', MIDNIGHT, { mgPerDl: null })], 'live');
    expect(told(store)).toEqual([]);
    store.pull([record('a', MIDNIGHT, { mgPerDl: 100 })], 'live');
    expect(told(store)).toEqual(['created a 100']);
  });

  test('a reading that is missing in an answer stays', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([record('a', MIDNIGHT), record('b', MIDNIGHT + 5 * MINUTE)], 'live');
    store.pull([record('b', MIDNIGHT + 5 * MINUTE)], 'live');
    expect(shown(store)).toEqual(['a', 'b']);
  });

  test('a day is never merged over unpublished news', () => {
    const context = { connection: { ...CONNECTION, liveFrom: LIVE_FROM }, purpose: 'live', pullSeq: 1 } as const;
    const { days } = merge([], [record('a', MIDNIGHT)], context);
    expect(days).toMatchObject([{ unpublished: true, version: 1, pullSeq: 1 }]);
    expect(() => merge(days, [record('b', MIDNIGHT)], context)).toThrow('unpublished news');
  });
});

describe('a record whose time moves over midnight', () => {
  const before = MIDNIGHT - 2000;
  const after = MIDNIGHT + 3000;

  test('is written into its new day before it leaves the old one, in either direction', () => {
    for (const [from, to] of [
      [before, after],
      [after, before],
    ] as const) {
      const store = new DayStore(LIVE_FROM);
      store.pull([record('a', from), record('b', from - 5 * MINUTE), record('c', from + 5 * MINUTE)], 'live');
      const { days, moved, added, updated } = merge([...store.days.values()], [record('a', to)], {
        connection: { ...CONNECTION, liveFrom: LIVE_FROM },
        purpose: 'live',
        pullSeq: 9,
      });
      expect(days.map(({ _id }) => _id)).toEqual([dayId(CONNECTION._id, to), dayId(CONNECTION._id, from)]);
      expect({ moved, added, updated }).toEqual({ moved: 1, added: 0, updated: 1 });
    }
  });

  test('and is cut short between the two writes, is told once and ends in one day', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([record('a', before, { mgPerDl: 100 })], 'live');
    expect(store.pull([record('a', after, { mgPerDl: 100 })], 'live', 1)).toBe(false);
    expect(shown(store)).toEqual(['a', 'a']);

    store.pull([record('a', after, { mgPerDl: 100 })], 'live');
    expect(shown(store)).toEqual(['a']);
    expect(told(store)).toEqual(['created a 100', 'updated a 100']);
  });

  test('two that change places are never both missing, wherever the pull is killed', () => {
    for (const writes of [0, 1, 2, 3, 4]) {
      const store = new DayStore(LIVE_FROM);
      store.pull([record('a', before, { mgPerDl: 100 }), record('b', after, { mgPerDl: 110 })], 'live');
      const exchanged = [record('a', after, { mgPerDl: 100 }), record('b', before, { mgPerDl: 110 })];
      store.pull(exchanged, 'live', writes);
      expect(new Set(shown(store))).toEqual(new Set(['a', 'b']));

      store.pull(exchanged, 'live');
      expect(shown(store)).toEqual(['b', 'a']);
      expect(told(store).sort()).toEqual(['created a 100', 'created b 110', 'updated a 100', 'updated b 110']);
    }
  });
});

describe('phone and receiver', () => {
  const phone = (at: number, change: Partial<Reading> = {}) => record('phone', at, { mgPerDl: 100, device: PHONE, ...change });
  const receiver = (at: number, change: Partial<Reading> = {}) => record('receiver', at, { mgPerDl: 100, device: RECEIVER, ...change });

  test.each([
    ['30 s apart are one reading, the phone’s shown', phone(MIDNIGHT), receiver(MIDNIGHT + 30_000), ['phone+receiver']],
    ['are matched across midnight', phone(MIDNIGHT + 5000), receiver(MIDNIGHT - 5000), ['phone+receiver']],
    ['more than 30 s apart are two', phone(MIDNIGHT), receiver(MIDNIGHT + 30_001), ['phone', 'receiver']],
    [
      'of two sensors are two',
      phone(MIDNIGHT),
      receiver(MIDNIGHT, { device: { ...RECEIVER, transmitterId: 'b2'.repeat(32) } }),
      ['phone', 'receiver'],
    ],
    [
      'of two seconds of one sensor are two',
      phone(MIDNIGHT, { transmitterTicks: 100 }),
      receiver(MIDNIGHT, { transmitterTicks: 110 }),
      ['phone', 'receiver'],
    ],
    [
      'of the same second of one sensor are one',
      phone(MIDNIGHT, { transmitterTicks: 100 }),
      receiver(MIDNIGHT, { transmitterTicks: 100 }),
      ['phone+receiver'],
    ],
    ['of which the phone has no value show the receiver’s', phone(MIDNIGHT, { mgPerDl: null }), receiver(MIDNIGHT), ['receiver+phone']],
  ])('%s', (_, one, other, expected) => {
    for (const answers of [[[one, other]], [[one], [other]], [[other], [one]], [[other, one], [one]]]) {
      const store = new DayStore(LIVE_FROM);
      for (const answer of answers) store.pull(answer, 'live');
      expect(shown(store).sort()).toEqual(expected);
    }
  });

  test.each([
    ['the same second', 100, 1],
    ['another second', 110, 2],
  ])('two phones that tell of %s of one sensor are so many readings', (_, transmitterTicks, expected) => {
    const store = new DayStore(LIVE_FROM);
    store.pull([phone(MIDNIGHT, { transmitterTicks: 100 }), record('b', MIDNIGHT + 10_000, { device: PHONE, transmitterTicks })], 'live');
    expect(store.readings()).toHaveLength(expected);
  });

  test('a twin that does not change the value is no news, whichever comes first', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([receiver(MIDNIGHT)], 'live');
    store.pull([phone(MIDNIGHT + 2000)], 'live');
    store.pull([phone(MIDNIGHT + 2000), receiver(MIDNIGHT)], 'sweep');
    expect(told(store)).toEqual(['created receiver 100']);
    expect(shown(store)).toEqual(['phone+receiver']);
  });

  test('a phone that knows better than the receiver is told', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([receiver(MIDNIGHT)], 'live');
    store.pull([phone(MIDNIGHT + 2000, { mgPerDl: 104 })], 'live');
    store.pull([receiver(MIDNIGHT, { mgPerDl: 99 })], 'live');
    expect(told(store)).toEqual(['created receiver 100', 'updated phone 104']);
    expect(store.readings()[0]?.twins).toMatchObject([{ mgPerDl: 99 }]);
  });

  test('a reading that goes to its twin’s day in silence stays known there', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([receiver(MIDNIGHT - 2000)], 'live');
    store.pull([phone(MIDNIGHT + 2000)], 'live');
    expect(store.readings()).toMatchObject([{ mark: 0, change: 'none', twins: [{ announced: true }] }]);

    store.pull([phone(MIDNIGHT + 2000, { mgPerDl: 104 })], 'backfill');
    expect(told(store)).toEqual(['created receiver 100', 'updated phone 104']);
  });

  test('a twin whose phone’s record moves away is a whole reading again', () => {
    const store = new DayStore(LIVE_FROM);
    const alone = receiver(MIDNIGHT, { trend: 'singleUp' });
    store.pull([phone(MIDNIGHT), alone], 'live');
    store.pull([phone(MIDNIGHT + 5 * MINUTE)], 'live');
    expect(shown(store)).toEqual(['receiver', 'phone']);
    expect(store.readings()[0]).toMatchObject(alone);
    expect(told(store)).toEqual(['created phone 100', 'created receiver 100', 'updated phone 100']);
  });

  test('a phone that was known by its receiver only is told once that one moves away', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([receiver(MIDNIGHT)], 'live');
    store.pull([phone(MIDNIGHT)], 'live');
    store.pull([receiver(MIDNIGHT + 5 * MINUTE)], 'live');
    expect(shown(store)).toEqual(['phone', 'receiver']);
    expect(told(store)).toEqual(['created receiver 100', 'created phone 100', 'updated receiver 100']);
  });

  test('a value that was corrected on a cut-short move is told again where a phone of history takes its place', () => {
    const store = new DayStore(LIVE_FROM);
    store.pull([phone(LIVE_FROM - 5000), receiver(MIDNIGHT - 1000)], 'backfill');
    // It enters the new day and never leaves the old one.
    store.pull([receiver(MIDNIGHT + 1000, { mgPerDl: 101 })], 'live', 1);
    store.pull([receiver(LIVE_FROM, { mgPerDl: 101 })], 'live');
    expect(shown(store)).toEqual(['phone+receiver']);
    expect(told(store)).toEqual(['created receiver 100', 'updated receiver 101', 'updated phone 100']);
  });

  test('a receiver between two phones is the twin of one of them, and they stay two', () => {
    for (const late of [50_000, 49_000]) {
      const store = new DayStore(LIVE_FROM);
      store.pull([phone(MIDNIGHT), receiver(MIDNIGHT + 25_000), record('b', MIDNIGHT + late, { device: PHONE })], 'live');
      // The closer one, or else the earlier.
      expect(shown(store)).toEqual(late === 50_000 ? ['phone+receiver', 'b'] : ['phone', 'b+receiver']);
    }
  });

  test('at one reading each 10 s every receiver’s record finds its own phone’s', () => {
    const store = new DayStore(LIVE_FROM);
    const times = Array.from({ length: 30 }, (_, i) => MIDNIGHT + i * 10_000);
    const phones = times.map((at, i) => record(`p${i}`, at, { transmitterTicks: i * 10 }));
    const receivers = times.map((at, i) => record(`r${i}`, at + 7000, { device: RECEIVER, transmitterTicks: i * 10 }));
    store.pull(phones, 'live');
    store.pull(receivers, 'live');
    expect(store.readings().map(({ twins }) => twins[0]?.recordId)).toEqual(receivers.map(({ recordId }) => recordId));
  });
});

test('a window is merged with a day more on either side', () => {
  expect(daysToRead('c', { from: MIDNIGHT, to: MIDNIGHT + 1 })).toEqual(['c:2026-11-21', 'c:2026-11-22', 'c:2026-11-23']);
});
