import { writeDay } from '../../src/api/routes/glucose/writtenDay';
import { WrittenDays } from '../../src/api/routes/glucose/writtenDays';
import { encodeDay } from '../../src/glucose/dayCodec';
import type { StoredReading } from '../../src/glucose/reading';
import { type ClosedDay, dayId } from '../../src/storage/glucoseDays';
import { readingAt, recordIdOf } from '../glucose/readings';

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR = 3_600_000;
const MB = 1_000_000;

const dayOf = (connectionId: string, readings: readonly StoredReading[], userId = 'somebody'): ClosedDay => ({
  _id: dayId(connectionId, START),
  teamId: 'team',
  userId,
  connectionId,
  packed: encodeDay(START, readings),
});

const hourly = (mgPerDl: number): StoredReading[] =>
  Array.from({ length: 24 }, (_, n) => readingAt(START + n * HOUR, { recordId: recordIdOf(`${n}`), mgPerDl }));

/** Of a day of `hourly`. */
const DAY_BYTES = writeDay(dayOf('c', hourly(100))).bytes;
const ROOM_FOR_ONE = 24 * 700 + DAY_BYTES / 2;

test('a day is kept from the second time it is asked for', () => {
  const days = new WrittenDays(MB);
  const day = dayOf('c', hourly(100));
  expect(days.find(day)).toBeNull();
  const written = days.find(day);
  expect(written?.runs).toEqual(writeDay(day).runs);
  expect(days.find(dayOf('c', hourly(100)))).toBe(written);
});

test('a day that says anything else is never taken for the one before, in whichever order its versions are asked for', () => {
  const days = new WrittenDays(MB);
  const first = hourly(100);
  const versions = [
    first,
    hourly(101),
    hourly(100).slice(1),
    hourly(100).map((reading) => ({ ...reading, trend: 'singleUp' })),
    hourly(100).map((reading) => ({ ...reading, recordId: recordIdOf(`other ${reading.recordId}`) })),
    hourly(100).map((reading) => ({ ...reading, recordId: `other ${reading.recordId}` })),
    hourly(100).map((reading) => ({ ...reading, device: { ...reading.device, displayApp: 'another' } })),
    hourly(100).map((reading) => ({ ...reading, at: reading.at + 1000 })),
  ].map((readings) => dayOf('c', readings));
  days.find(dayOf('c', first));
  for (const asked of [...versions, ...versions.toReversed()]) expect(days.find(asked)?.runs).toEqual(writeDay(asked).runs);
});

test('nothing is kept for longer than five minutes, however often it is asked for', () => {
  let now = START;
  const days = new WrittenDays(MB, () => now);
  const day = dayOf('c', hourly(100));
  days.find(day);
  const written = days.find(day);
  now += 5 * 60_000 - 1;
  expect(days.find(day)).toBe(written);
  now += 1;
  expect(days.find(day)).not.toBe(written);
  now += 5 * 60_000;
  expect(days.find(day)).toBeNull();
});

test('nothing is kept of somebody who is not there any more', () => {
  const days = new WrittenDays(MB);
  const [gone, other] = [dayOf('c', hourly(100), 'gone'), dayOf('d', hourly(100), 'other')];
  for (const day of [gone, other]) days.find(day);
  const [writtenGone, writtenOther] = [days.find(gone), days.find(other)];
  days.forget('another team', 'gone');
  expect(days.find(gone)).toBe(writtenGone);
  days.forget('team', 'gone');
  expect(days.find(gone)).not.toBe(writtenGone);
  expect(days.find(other)).toBe(writtenOther);
});

test('people who ask in turns do not push each other out, and who asks more often comes in their place', () => {
  let now = START;
  const days = new WrittenDays(ROOM_FOR_ONE, () => now++);
  const [first, second, third] = ['a', 'b', 'c'].map((id) => dayOf(id, hourly(100)));
  if (!first || !second || !third) throw new Error('three days');
  const inTurns = () => [first, second, third].map((day) => days.find(day) !== null);
  expect([inTurns(), inTurns(), inTurns()]).toEqual([
    [false, false, false],
    [true, false, false],
    [true, false, false],
  ]);
  days.find(second);
  expect(days.find(second)).not.toBeNull();
  expect(days.find(first)).toBeNull();
});

test('no more is kept than there is room for; none where there is none, nor days that fit no column', () => {
  const tooSmall = new WrittenDays(24 * 700 - 1);
  const none = new WrittenDays(0);
  const odd = dayOf('c', [readingAt(START, { mgPerDl: 100.5 })]);
  const days = new WrittenDays(MB);
  for (let n = 0; n < 3; n++) {
    expect(tooSmall.find(dayOf('c', hourly(100)))).toBeNull();
    expect(none.find(dayOf('c', hourly(100)))).toBeNull();
    expect(days.find(odd)).toBeNull();
  }
});
