import { readEvent } from '../../src/dexcom/eventRecord';
import type { Window } from '../../src/freshness/backfillWindows';
import { LONGEST_WINDOW_MS, policyFor } from '../../src/freshness/policy';
import { afterFailedRecords, afterRecords, type RecordsProgress, recordsDue, wantedRecords } from '../../src/freshness/recordsDue';
import type { LoggedEvent } from '../../src/records/loggedEvent';
import { changesKeepIds, oncePerRecord, standing } from '../../src/records/standing';

const AT = Date.parse('2026-11-20T12:00:00Z');
const DAY = 86_400_000;
const HOUR = 3_600_000;

const sent = (change: object = {}) => ({
  recordId: 'a',
  systemTime: '2026-11-20T12:00:00Z',
  displayTime: '2026-11-20T07:00:00-05:00',
  eventStatus: 'created',
  eventType: 'insulin',
  eventSubType: 'fastActing',
  value: '4.5',
  unit: 'units',
  ...change,
});

function event(change: object = {}): LoggedEvent {
  const read = readEvent(sent(change), AT);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

describe('an event', () => {
  test('is read as sent, with what lacks or is odd', () => {
    expect(event()).toMatchObject({
      recordId: 'a',
      at: AT,
      status: 'created',
      type: 'insulin',
      subType: 'fastActing',
      value: '4.5',
      utcOffsetSeconds: -18_000,
    });
    expect(event({ value: 400, unit: undefined, eventSubType: '', displayTime: null })).toMatchObject({
      value: '400',
      unit: null,
      subType: null,
      utcOffsetSeconds: null,
    });
  });

  test.each([
    ['recordId is missing', { recordId: null }],
    ['systemTime cannot be read', { systemTime: 'yesterday' }],
    ['systemTime is in the future', { systemTime: '2026-11-22T12:00:00Z' }],
    ['eventType is missing', { eventType: '' }],
  ])('is none where %s', (reason, change) => {
    expect(readEvent(sent(change), AT)).toBe(reason);
  });

  test('that one answer has several times is the one that says most, in any order', () => {
    const all = [event(), event({ eventStatus: 'updated', value: '5' }), event({ eventStatus: 'deleted' })];
    for (const order of [all, all.toReversed()]) expect(oncePerRecord(order)).toEqual([all[2]]);
  });
});

describe('what stands of several records', () => {
  const kept = (_id: string, status: string, change: object = {}) => ({
    ...event({ recordId: _id, eventStatus: status }),
    _id,
    firstStatus: status,
    deleted: status === 'deleted',
    firstSeenAt: AT,
    changedAt: AT,
    ...change,
  });
  const idsOf = (records: ReturnType<typeof kept>[], ids: 'stay' | 'unknown' = 'unknown') => standing(records, ids).map(({ _id }) => _id);

  test('is the change in the place of what it changes, the last one of several, and nothing of what was deleted', () => {
    expect(idsOf([kept('a', 'created'), kept('b', 'updated')])).toEqual(['b']);
    expect(idsOf([kept('b', 'updated'), kept('c', 'updated', { firstSeenAt: AT + 1 }), kept('a', 'created')])).toEqual(['c']);
    expect(idsOf([kept('a', 'created'), kept('b', 'deleted')])).toEqual([]);
    expect(idsOf([kept('a', 'deleted', { firstStatus: 'created' })])).toEqual([]);
  });

  test('is each that is not deleted where a change was seen to keep its record’s id: written anew for one second, two of them changed', () => {
    const [gone, again] = [kept('a', 'deleted'), kept('b', 'created')];
    expect([idsOf([gone, again]), idsOf([gone, again], 'stay')]).toEqual([[], ['b']]);
    expect(idsOf([kept('a', 'updated'), kept('b', 'updated')], 'stay')).toEqual(['a', 'b']);
  });

  test('shows that ids stay by one that was edited under its own, and by nothing else: who deletes under it may edit under another', () => {
    const known = (firstStatus: string) => new Map([['a', { recordId: 'a', raw: '', version: 1, firstStatus }]]);
    expect(changesKeepIds([event({ eventStatus: 'updated' })], known('created'))).toBe(true);
    expect(changesKeepIds([event({ eventStatus: 'updated' })], known('updated'))).toBe(false);
    expect(changesKeepIds([event({ eventStatus: 'deleted' })], known('created'))).toBe(false);
    expect(changesKeepIds([event({ recordId: 'b', eventStatus: 'updated' })], known('created'))).toBe(false);
  });

  test('is all of what is no change of another: two of one second, one of them changed in its place, others of another kind', () => {
    expect(idsOf([kept('a', 'created'), kept('b', 'created')])).toEqual(['a', 'b']);
    expect(idsOf([kept('a', 'updated', { firstStatus: 'created' }), kept('b', 'created')])).toEqual(['a', 'b']);
    expect(idsOf([kept('a', 'created'), kept('b', 'updated', { type: 'carbs' })])).toEqual(['a', 'b']);
  });
});

describe('when events are read', () => {
  const policy = policyFor(300_000);
  const floor = AT - 100 * DAY;
  const wanted = { from: floor, to: Infinity };

  test('the history oldest first, each window where the one before ended, then the last thirty days every twelve hours', () => {
    let [known, now] = [undefined as RecordsProgress | undefined, AT];
    const read: number[] = [];
    for (let looks = 0; looks < 5; looks++, now += 300_000) {
      const window = recordsDue(known, wanted, now, policy);
      if (!window) break;
      expect(window.to - window.from).toBeLessThanOrEqual(LONGEST_WINDOW_MS);
      read.push(window.from);
      known = afterRecords(known, window, { wanted, now, found: 1, idsStay: false }, policy);
    }
    const caughtUpAt = now - 300_000;
    expect(read).toEqual([...[0, 1, 2].map((n) => floor + n * LONGEST_WINDOW_MS), caughtUpAt - policy.deepSweepMs]);
    expect(recordsDue(known, wanted, caughtUpAt + 12 * HOUR - 1, policy)).toBeNull();
    const next = caughtUpAt + 12 * HOUR;
    expect(recordsDue(known, wanted, next, policy)).toEqual({ from: next - policy.deepSweepMs, to: next });
    // An earlier start of the history is read, too.
    expect(recordsDue(known, { ...wanted, from: floor - DAY }, caughtUpAt, policy)?.from).toBe(floor - DAY);
  });

  /** Looks once. */
  const readOnce = (known: RecordsProgress | undefined, wanted: Window, now: number) => {
    const window = recordsDue(known, wanted, now, policy);
    if (!window) throw new Error('nothing is due');
    return { window, known: afterRecords(known, window, { wanted, now, found: 1, idsStay: false }, policy) };
  };

  test('no further than the ingestion goes: an end that is moved has what it left out read from there on', () => {
    const end = AT - 40 * DAY;
    const ended = readOnce({ ...readOnce(undefined, wanted, AT).known, coveredUntil: end - DAY }, { from: floor, to: end }, AT);
    expect([ended.window.to, ended.known.coveredUntil]).toEqual([end, end]);
    expect(recordsDue(ended.known, { from: floor, to: end }, ended.known.nextAt, policy)).toBeNull();
    expect(recordsDue(ended.known, wanted, ended.known.nextAt, policy)?.from).toBe(end);
    // An earlier end makes nothing unread that was read.
    expect(readOnce({ ...ended.known, coveredUntil: AT }, { from: floor, to: AT - DAY }, ended.known.nextAt).known.coveredUntil).toBe(AT);
  });

  test('what a later start has left out in the middle, from an earlier one on again', () => {
    const first = readOnce(undefined, wanted, AT);
    const narrow = { from: AT - 20 * DAY, to: Infinity };
    const narrowed = readOnce(first.known, narrow, AT);
    expect(narrowed.known).toMatchObject({ floor: narrow.from, coveredUntil: AT, readAt: AT });
    expect(recordsDue(narrowed.known, wanted, AT, policy)?.from).toBe(floor);
    // What was read without a hole stays read.
    const all = { ...first.known, coveredUntil: AT };
    expect(readOnce(all, narrow, AT + DAY).known).toMatchObject({ floor, coveredUntil: AT + DAY });
  });

  test('of what both the history and the ingestion want: neither alone makes anything wider', () => {
    expect(wantedRecords({ floor }, undefined)).toEqual(wanted);
    expect(wantedRecords({ floor }, { from: AT, to: null })).toEqual({ from: AT, to: Infinity });
    expect(wantedRecords({ floor }, { from: floor - DAY, to: AT })).toEqual({ from: floor, to: AT });
  });

  test('less at once after each failure, down to a day, and the newest of it all the same', () => {
    const caughtUp = { ...readOnce(undefined, wanted, AT).known, coveredUntil: AT - DAY / 2 };
    const unread = { ...caughtUp, coveredUntil: floor };
    const failing = (known: RecordsProgress, failures: number) => readOnce({ ...known, failures }, wanted, AT).window;
    for (const failures of [0, 1, 2, 3, 4, 5, 9]) {
      const parts = 2 ** Math.min(failures, 5);
      expect(failing(caughtUp, failures)).toEqual({ from: AT - Math.floor(policy.deepSweepMs / parts), to: AT });
      expect(failing(unread, failures)).toEqual({ from: floor, to: floor + Math.floor(LONGEST_WINDOW_MS / parts) });
    }
  });

  test('once a day where there are none, ever more rarely where they cannot be had, and later without a failure where there are no calls', () => {
    const lately = { from: AT - DAY, to: Infinity };
    const none = afterRecords(undefined, { from: AT - DAY, to: AT }, { wanted: lately, now: AT, found: 0, idsStay: false }, policy);
    expect(none.nextAt).toBe(AT + DAY);
    const waits: number[] = [];
    for (let n = 0, known = none; n < 10; n++) {
      known = afterFailedRecords(known, lately, { type: 'DexcomUnavailable', at: AT, retryAfterMs: null }, policy);
      waits.push((known.nextAt - AT) / 60_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
    const putOff = afterFailedRecords(none, lately, { type: 'BudgetSpent', at: AT, retryAfterMs: 90_000 }, policy);
    expect(putOff).toMatchObject({ nextAt: AT + 90_000, readAt: AT, failures: 0, error: null });
  });

  test.each(['DexcomUnavailable', 'BudgetSpent'])('no sooner where more is wanted than before: %s makes that wait too', (type) => {
    const known = { ...readOnce(undefined, wanted, AT).known, coveredUntil: AT, failures: 3 };
    const wider = { from: floor - DAY, to: Infinity };
    const failed = afterFailedRecords(known, wider, { type, at: AT, retryAfterMs: null }, policy);
    expect(failed).toMatchObject({ floor: wider.from, coveredUntil: wider.from, any: true });
    expect(recordsDue(failed, wider, failed.nextAt - 1, policy)).toBeNull();
    expect(recordsDue(failed, wider, failed.nextAt, policy)?.from).toBe(wider.from);
    expect(failed.nextAt - AT).toBeGreaterThanOrEqual(policy.backoffFirstMs);
  });
});
