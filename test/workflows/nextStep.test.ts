import fc from 'fast-check';
import { LONGEST_WINDOW_MS } from '../../src/freshness/policy';
import type { Pull } from '../../src/workflows/nextStep';
import { afterLoad, afterPull } from '../../src/workflows/outcome';
import { newState, type SyncState } from '../../src/workflows/syncState';
import { connected, DAY, due, HOUR, idle, MINUTE, NOW, nothingNew, policy, pullOf, SECOND, snapshot, step } from './states';

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
