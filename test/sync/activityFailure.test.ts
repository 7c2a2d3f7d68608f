import { ApplicationFailureCategory } from '@temporalio/common';
import { MongoNetworkError } from 'mongodb';
import { asActivityFailure } from '../../src/activities/activityFailure';
import { DexcomError } from '../../src/dexcom/errors';
import { createLog } from '../../src/log';
import { SyncFailure, type SyncFailureType } from '../../src/sync/syncFailure';

describe('a failed activity in its history', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'error', name: 'test' }, { write: (line: string) => void lines.push(line) });

  test.each<[SyncFailureType, number | null, boolean]>([
    ['TokenExpired', null, true],
    ['NeedsReauth', null, true],
    ['AccountChanged', null, true],
    ['Superseded', null, true],
    ['NotWanted', null, true],
    ['ClientRejected', null, true],
    ['RateLimited', 90_000, true],
    ['DexcomUnavailable', null, false],
    ['DexcomUnavailable', 90_000, true],
  ])('%s, to be tried again after %p: given to the loop at once is %p', (type, retryAfterMs, nonRetryable) => {
    const failure = asActivityFailure(new SyncFailure(type, 'why', retryAfterMs), log);
    expect(failure).toMatchObject({ type, message: 'why', nonRetryable });
    expect(failure.details ?? []).toEqual(retryAfterMs === null ? [] : [retryAfterMs]);
  });

  test.each([
    ['RateLimited', 90_000, true, undefined],
    ['BudgetSpent', 90_000, false, 90_000],
    ['BudgetSpent', 121_000, true, 121_000],
  ] as const)('%s with a wait of %d ms is nobody’s failure', (type, retryAfterMs, nonRetryable, nextRetryDelay) => {
    const failure = asActivityFailure(new SyncFailure(type, 'why', retryAfterMs), log);
    const category = ApplicationFailureCategory.BENIGN;
    expect(failure).toMatchObject({ type, nonRetryable, category, details: [retryAfterMs] });
    expect(failure.nextRetryDelay ?? undefined).toBe(nextRetryDelay);
    expect(lines).toEqual([]);
  });

  test.each([
    ['a database that is away', new MongoNetworkError('connection 3 to 10.0.0.7:27017 closed'), 'DatabaseAway'],
    ['a deadline that has passed', new DOMException('aborted', 'TimeoutError'), 'DexcomUnavailable'],
    ['an outage of Dexcom', new DexcomError('unavailable', 'token answered 503', 503), 'DexcomUnavailable'],
  ])('%s is tried again', (_, error, type) => {
    expect(asActivityFailure(error, log)).toMatchObject({ type, nonRetryable: false });
  });

  test('several at once are the database away only if none of them is anything else', () => {
    const away = () => new MongoNetworkError('connection 3 to 10.0.0.7:27017 closed');
    const of = (...errors: readonly unknown[]) => asActivityFailure(new AggregateError(errors, 'not repaired'), log).type;
    expect(of(away(), new AggregateError([away()]))).toBe('DatabaseAway');
    expect(of(away(), new TypeError('a bug'))).toBe('AggregateError');
    expect(of()).toBe('AggregateError');
    expect(lines.join('')).toContain('a bug');
  });

  test('nothing of an unexpected error is kept but its name, and the log tells the rest', () => {
    const failure = asActivityFailure(new TypeError('cannot read 98765 mg/dL of Ada Lovelace'), log);
    expect(failure).toMatchObject({ type: 'TypeError', nonRetryable: false });
    expect(`${failure.message}${failure.stack}${failure.cause}`).not.toMatch(/98765|Lovelace/);
    expect(lines.join('')).toMatch(/an activity failed unexpectedly/);
  });
});
