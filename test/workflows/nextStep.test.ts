import fc from 'fast-check';
import type { BackfillWindows } from '../../src/freshness/backfillWindows';
import { LONGEST_WINDOW_MS } from '../../src/freshness/policy';
import { nextStep, type Pull } from '../../src/workflows/nextStep';
import { afterFailure, afterLoad, afterPull } from '../../src/workflows/outcome';
import { newState, type SyncState } from '../../src/workflows/syncState';
import { afterRefresh } from '../../src/workflows/tokenOutcome';
import { connected, DAY, failed, HOUR, idle, MINUTE, NOW, nothingNew, policy, readBy, SECOND, snapshot } from './states';

const due = { ...idle.live, nextPollAt: NOW };
const step = (state: SyncState, now = NOW) => nextStep(state, now, policy);

describe('what a connection does next', () => {
  test.each([
    ['a fresh run reads its connection before anything else', newState, { kind: 'load' }],
    ['what was wished in the UI is written before anything is read', { ...idle, stale: true, wished: 'paused' }, { kind: 'writeWish' }],
    [
      'storage that does not answer is waited for',
      { ...newState, storage: { failures: 1, nextTryAt: NOW + MINUTE, error: 'Error' } },
      { kind: 'wait', until: NOW + MINUTE },
    ],
    ['a due poll goes before history', { ...connected, live: { ...connected.live, nextPollAt: NOW } }, { purpose: 'live' }],
    ['history is read while nothing is due', connected, { purpose: 'backfill' }],
    [
      'a token is renewed before it is used',
      { ...idle, live: due, token: { ...idle.token, refreshAt: NOW } },
      { kind: 'refreshToken', reason: 'expiring' },
    ],
    [
      'a refused token is renewed at once',
      { ...idle, token: { ...idle.token, refused: idle.token.expiresAt } },
      { kind: 'refreshToken', reason: 'refused' },
    ],
    ['a sweep waits for the next poll', { ...idle, live: { ...idle.live, nextSweepAt: NOW } }, { kind: 'wait', until: NOW + MINUTE }],
    [
      'a sweep rides on a poll that is due',
      { ...idle, live: { ...due, nextSweepAt: NOW } },
      { purpose: 'sweep', from: NOW - 3 * DAY, to: NOW },
    ],
    [
      'a deep sweep takes the place of both',
      { ...idle, live: { ...due, nextSweepAt: NOW, nextDeepSweepAt: NOW } },
      { purpose: 'deepSweep', from: NOW - LONGEST_WINDOW_MS, to: NOW },
    ],
    ['nothing is done while paused', { ...idle, desired: 'paused', live: due }, { kind: 'wait', until: null }],
    [
      'nothing is asked of Dexcom until a new consent',
      { ...idle, live: due, token: { ...idle.token, needsReauth: 'revoked', nextTryAt: NOW + DAY } },
      { kind: 'wait', until: NOW + DAY },
    ],
    [
      'a consent whose word was lost is found by looking',
      { ...idle, live: due, token: { ...idle.token, needsReauth: 'revoked', nextTryAt: NOW } },
      { kind: 'load' },
    ],
    ['a live pull reads the overlap again', { ...idle, live: due }, { purpose: 'live', from: NOW - 5 * MINUTE - DAY, to: NOW }],
    [
      'a token that cannot be renewed is used while it lasts',
      { ...idle, live: due, token: { ...idle.token, refreshAt: NOW, nextTryAt: NOW + MINUTE, failures: 1 } },
      { purpose: 'live' },
    ],
    [
      'a token that is over waits for its next try',
      { ...idle, live: due, token: { ...idle.token, expiresAt: NOW, refreshAt: NOW, nextTryAt: NOW + MINUTE, failures: 1 } },
      { kind: 'wait', until: NOW + MINUTE },
    ],
  ] satisfies [string, SyncState, object][])('%s', (_, state, expected) => {
    expect(step(state)).toMatchObject(expected);
  });

  test('after an outage live pulls catch up in windows that Dexcom takes, meeting with their overlap, until they reach now', () => {
    let state: SyncState = { ...idle, live: { ...due, coveredUntil: NOW - 100 * DAY, nextSweepAt: NOW } };
    const pulls: Pull[] = [];
    for (let next = step(state); next.kind === 'pull'; next = step(state)) {
      pulls.push(next);
      state = afterPull(state, next, nothingNew, NOW, policy);
    }
    expect(pulls[0]?.from).toBe(NOW - 101 * DAY);
    expect(pulls.at(-1)).toMatchObject({ purpose: 'sweep', to: NOW });
    pulls.forEach((pull, index) => {
      expect(pull.to - pull.from).toBeLessThanOrEqual(LONGEST_WINDOW_MS);
      if (index > 0) expect(pull.from).toBeLessThan(pulls[index - 1]?.to ?? 0);
    });
  });

  test('a full window that brings nothing further, the ingestion having ended, is not read at once again', () => {
    const coveredUntil = NOW - 100 * DAY;
    const state: SyncState = { ...idle, live: { ...due, coveredUntil } };
    const after = afterPull(state, pullOf(step(state)), { ...nothingNew, coveredUntil }, NOW, policy);
    expect(after.live).toMatchObject({ coveredUntil, nextPollAt: nothingNew.nextPollAt });
  });

  test('an upload that reaches further back than sweeps do is read to its beginning, at once, in windows that meet', () => {
    const since = NOW - 45 * DAY;
    let state: SyncState = { ...idle, live: due };
    state = afterPull(state, pullOf(step(state)), { ...nothingNew, coveredUntil: since, nextPollAt: NOW }, NOW, policy);
    const pulls: Pull[] = [];
    for (let next = step(state); next.kind === 'pull'; next = step(state)) {
      pulls.push(next);
      state = afterPull(state, next, { ...nothingNew, coveredUntil: next.to }, NOW, policy);
    }
    expect(pulls.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: since - DAY, to: since - DAY + LONGEST_WINDOW_MS },
      { from: since - 2 * DAY + LONGEST_WINDOW_MS, to: NOW },
    ]);
  });

  test('a deep sweep that a pull finds to be due rides on the next poll', () => {
    const state = afterPull(
      { ...idle, live: due },
      pullOf(step({ ...idle, live: due })),
      { ...nothingNew, nextDeepSweepAt: NOW },
      NOW,
      policy,
    );
    expect(step(state, nothingNew.nextPollAt)).toMatchObject({ purpose: 'deepSweep' });
    const otherwise = afterPull({ ...idle, live: due }, pullOf(step({ ...idle, live: due })), nothingNew, NOW, policy);
    expect(step(otherwise, nothingNew.nextPollAt)).toMatchObject({ purpose: 'live' });
  });

  test('a consent of this very moment has nothing to poll yet, and the wait for it ends', () => {
    const state = afterLoad({ ...newState, stale: false }, { ...snapshot, liveFrom: NOW, coveredUntil: NOW, backfill: null }, NOW, policy);
    expect(step(state)).toEqual({ kind: 'wait', until: NOW + 2 * SECOND, why: 'next reading due' });
    expect(step(state, NOW + 2 * SECOND)).toMatchObject({ purpose: 'live', from: NOW, to: NOW + 2 * SECOND });
  });

  test.each(['live', 'sweep', 'deepSweep'] as const)(
    'a %s never reaches below the windows done, where it would announce history as news',
    (purpose) => {
      const live = {
        ...connected.live,
        nextPollAt: NOW,
        nextSweepAt: purpose === 'live' ? NOW + HOUR : NOW,
        nextDeepSweepAt: purpose === 'deepSweep' ? NOW : NOW + DAY,
      };
      expect(step({ ...connected, live })).toMatchObject({ purpose, from: connected.live.liveFrom });

      const skipped = [{ from: NOW - 31 * DAY, to: NOW - DAY / 2 }];
      const backfill = { floor: NOW - 365 * DAY, ceiling: NOW - MINUTE, doneBackTo: NOW - 61 * DAY, skipped };
      expect(step({ ...connected, live, backfill })).toMatchObject({ from: NOW - DAY / 2 });
    },
  );
});

describe('history', () => {
  test('its windows meet without a hole and end at the floor, whatever fails or ends early on the way', () => {
    /** Windows of a stretch that are read; none: it fails. */
    const outcomes = fc.infiniteStream(fc.integer({ min: 0, max: policy.stretchWindows }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), outcomes, (days, read) => {
        const backfill: BackfillWindows = { floor: NOW - days * DAY - 1, ceiling: NOW, doneBackTo: NOW };
        let state: SyncState = { ...idle, token: far, live: { ...idle.live, nextPollAt: Infinity }, backfill };
        let now = NOW;
        const done: Pull[] = [];
        for (;;) {
          const next = step(state, now);
          if (next.kind === 'pull') {
            const isQuiet = state.troubled.length === 0 && !state.backfill?.skipped?.length;
            expect(next.to - next.from).toBeLessThanOrEqual((isQuiet ? policy.stretchWindows : 1) * LONGEST_WINDOW_MS);
            const windows = read.next().value;
            if (windows === 0) state = afterFailure(state, next, failed('DexcomUnavailable'), now, policy);
            else {
              const from = Math.max(next.from, next.to - windows * LONGEST_WINDOW_MS);
              done.push({ ...next, from });
              state = afterPull(state, next, { ...nothingNew, doneBackTo: from }, now, policy);
            }
          } else {
            if (next.kind !== 'wait' || next.until === null || next.until === Infinity) break;
            expect(next.until).toBeGreaterThan(now);
            now = next.until;
          }
          expect(state.troubled.length).toBeLessThanOrEqual(3);
          expect(JSON.stringify(state).length).toBeLessThan(1_024);
        }
        const sorted = done.toSorted((a, b) => b.to - a.to);
        expect(sorted[0]?.to).toBe(NOW);
        expect(sorted.at(-1)?.from).toBe(backfill.floor);
        sorted.slice(1).forEach((window, index) => {
          expect(window.to).toBe(sorted[index]?.from);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('in quiet times is read in stretches of several windows, out of the way of the next poll, and goes on where one has ended', () => {
    const inThrees = { ...policy, stretchWindows: 3 };
    const stretch = pullOf(nextStep(connected, NOW, inThrees));
    const to = connected.live.liveFrom;
    expect(stretch).toMatchObject({ from: to - 3 * LONGEST_WINDOW_MS, to, yieldAt: connected.live.nextPollAt });

    const doneBackTo = to - 2 * LONGEST_WINDOW_MS;
    const state = afterPull(connected, stretch, { ...nothingNew, doneBackTo }, NOW, inThrees);
    expect(state.backfill).toMatchObject({ doneBackTo, skipped: [] });
    expect(nextStep(state, NOW, inThrees)).toMatchObject({ to: doneBackTo, from: doneBackTo - 3 * LONGEST_WINDOW_MS });
  });

  test('of a year is one stretch, if nothing comes in between', () => {
    expect(connected.backfill?.floor).toBeGreaterThanOrEqual(connected.live.liveFrom - 366 * DAY);
    expect(pullOf(step(connected)).from).toBe(connected.backfill?.floor);
  });

  test('a dead window lets live polls and older windows pass, and is tried again', () => {
    const to = connected.live.liveFrom;
    const first = { from: to - LONGEST_WINDOW_MS, to };
    const state = afterFailure(connected, pullOf(step(connected)), failed('DexcomUnavailable'), NOW, policy);
    expect(step(state)).toMatchObject({ purpose: 'backfill', to: first.from, from: first.from - LONGEST_WINDOW_MS });
    expect(step({ ...state, live: { ...state.live, nextPollAt: NOW } })).toMatchObject({ purpose: 'live' });

    const next = pullOf(step(state));
    const older = afterPull(state, next, readBy(next), NOW, policy);
    expect(older.backfill?.skipped).toEqual([first]);
    expect(step(older, NOW + MINUTE)).toMatchObject({ purpose: 'live' });
    const polled = { ...older, live: { ...older.live, nextPollAt: NOW + HOUR } };
    expect(step(polled, NOW + MINUTE)).toMatchObject({ purpose: 'backfill', ...first });
  });

  test('a rate limit holds all of it, for as long as Dexcom says', () => {
    const state = afterFailure(connected, pullOf(step(connected)), failed('RateLimited', 10 * MINUTE), NOW, policy);
    const quiet = { ...state, live: { ...state.live, nextPollAt: NOW + DAY } };
    expect(step(quiet)).toMatchObject({ kind: 'wait', until: NOW + 10 * MINUTE });
    expect(step(quiet, NOW + 10 * MINUTE)).toMatchObject({ purpose: 'backfill' });
  });

  test('a rate limit met in the middle of a stretch holds the rest as long, and live polls not at all', () => {
    const stretch = pullOf(step(connected));
    const read = { ...readBy(stretch), doneBackTo: stretch.to - LONGEST_WINDOW_MS };
    const held = afterPull(connected, stretch, { ...read, retryAfterMs: 10 * MINUTE }, NOW, policy);
    expect(step({ ...held, live: { ...held.live, nextPollAt: NOW } })).toMatchObject({ purpose: 'live' });
    const quiet = { ...held, live: { ...held.live, nextPollAt: NOW + DAY } };
    expect(step(quiet)).toMatchObject({ kind: 'wait', until: NOW + 10 * MINUTE });
    expect(step(quiet, NOW + 10 * MINUTE)).toMatchObject({ purpose: 'backfill', to: read.doneBackTo });
  });

  test('a crowded queue is no failure', () => {
    expect(afterFailure(connected, pullOf(step(connected)), failed('QueueBusy'), NOW, policy)).toBe(connected);
  });
});

describe('live polls that fail', () => {
  const poll = pullOf(step({ ...idle, live: due }));

  test('are tried after 1, 2, 4 … minutes, an hour at most, and never before Dexcom’s own wish', () => {
    let state = idle;
    const waits = Array.from({ length: 9 }, () => {
      state = afterFailure(state, poll, failed('DexcomUnavailable'), NOW, policy);
      return (state.live.nextPollAt - NOW) / MINUTE;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(afterFailure(idle, poll, failed('RateLimited', 5 * MINUTE), NOW, policy).live.nextPollAt).toBe(NOW + 5 * MINUTE);
  });

  test('are forgotten with the first success', () => {
    const state = afterPull(afterFailure(idle, poll, failed('Timeout'), NOW, policy), poll, nothingNew, NOW, policy);
    expect(state.live).toMatchObject({ failures: 0, error: null, nextPollAt: nothingNew.nextPollAt });
  });

  test.each(['NeedsReauth', 'AccountChanged', 'NotWanted'])('%s makes it read what somebody has written', (type) => {
    expect(step(afterFailure(idle, poll, failed(type), NOW, policy))).toEqual({ kind: 'load' });
  });

  test('a 401 renews the token once; on a token just renewed it backs off', () => {
    const refused = afterFailure(idle, poll, failed('TokenExpired'), NOW, policy);
    const renewal = step(refused);
    expect(renewal).toMatchObject({ kind: 'refreshToken', reason: 'refused' });
    if (renewal.kind !== 'refreshToken') throw new Error('expected a refresh');

    const renewed = afterRefresh(refused, renewal, { kind: 'refreshed', accessTokenExpiresAt: NOW + HOUR }, NOW, policy);
    const again = afterFailure(renewed, poll, failed('TokenExpired'), NOW + MINUTE, policy);
    expect(step(again, NOW + MINUTE)).toMatchObject({ kind: 'wait', until: NOW + 2 * MINUTE });
  });
});

test('nothing it can be told makes it wait for what is past, or forget that it is paused', () => {
  const instant = fc.integer({ min: NOW - 2 * HOUR, max: NOW + 2 * HOUR });
  const anyState = fc.record({ instant, poll: instant, expiry: instant, paused: fc.boolean(), failures: fc.nat(9) }).map(
    ({ instant: tryAt, poll, expiry, paused, failures }): SyncState => ({
      ...connected,
      desired: paused ? 'paused' : 'running',
      token: { ...connected.token, expiresAt: expiry, refreshAt: expiry - 5 * MINUTE, nextTryAt: tryAt, failures },
      live: { ...connected.live, nextPollAt: poll, failures },
      backfillHeldUntil: tryAt,
    }),
  );
  fc.assert(
    fc.property(anyState, (state) => {
      const next = step(state);
      if (state.desired === 'paused') expect(next).toMatchObject({ kind: 'wait', until: null });
      else if (next.kind === 'wait') expect(next.until).toBeGreaterThan(NOW);
      else if (next.kind === 'pull') expect(next.from).toBeLessThan(next.to);
    }),
  );
});

const far = { ...idle.token, expiresAt: Infinity, refreshAt: Infinity };

function pullOf(next: ReturnType<typeof step>): Pull {
  if (next.kind !== 'pull') throw new Error(`expected a pull, got ${next.kind}`);
  return next;
}
