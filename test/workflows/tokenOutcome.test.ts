import { nextStep, type RefreshToken } from '../../src/workflows/nextStep';
import { afterLoad } from '../../src/workflows/outcome';
import type { SyncState } from '../../src/workflows/syncState';
import { afterFailedRefresh, afterRefresh, isTold } from '../../src/workflows/tokenOutcome';
import { failed, HOUR, idle, MINUTE, NOW, policy, SECOND, snapshot } from './states';

const expired: SyncState = { ...idle, token: { ...idle.token, expiresAt: NOW, refreshAt: NOW } };
const refused = { kind: 'refused', reason: 'revoked' } as const;

describe('a refused grant', () => {
  test('is looked at again at once, after 10 s and 60 s, sent again after 2, 4, 8 and 16 h, noted once in between and at the end', () => {
    let state = expired;
    let now = NOW;
    const waits: number[] = [];
    const told: number[] = [];
    while (state.token.needsReauth === null) {
      const step = refreshOf(state, now);
      state = afterRefresh(state, step, refused, now, policy);
      if (isTold(state.token, policy)) told.push(state.token.refusals);
      waits.push(state.token.nextTryAt - now);
      now = state.token.nextTryAt;
    }
    expect(waits).toEqual([0, 10 * SECOND, 60 * SECOND, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, policy.deepSweepEveryMs]);
    expect(told).toEqual([4, 8]);
  });

  test('is marked by the last try and by no other', () => {
    const tries = Array.from({ length: 9 }, (_, refusals) => refreshOf({ ...expired, token: { ...expired.token, refusals } }, NOW));
    expect(tries.map(({ step }) => step)).toEqual(['spend', 'reread', 'reread', 'confirm', 'spend', 'spend', 'spend', 'spend', 'spend']);
    expect(tries.map(({ attemptsLeft }) => attemptsLeft)).toEqual([4, 4, 4, 4, 3, 2, 1, 0, 0]);
  });

  test('is forgotten once somebody has stored another token', () => {
    const state = afterRefresh(expired, refreshOf(expired, NOW), refused, NOW, policy);
    const reloaded = afterLoad(state, { ...snapshot, accessTokenExpiresAt: NOW + HOUR }, NOW, policy);
    expect(reloaded.token).toMatchObject({ refusals: 0, nextTryAt: 0, error: null, expiresAt: NOW + HOUR });
  });

  test('that needed a new consent is used at once when it has one', () => {
    const marked = { ...expired, token: { ...expired.token, needsReauth: 'revoked' as const } };
    const later = { ...snapshot, accessTokenExpiresAt: NOW + HOUR, nextPollAt: NOW + 24 * HOUR };
    expect(nextStep(afterLoad(marked, later, NOW, policy), NOW, policy)).toMatchObject({ kind: 'pull', purpose: 'live' });
    expect(afterLoad(marked, { ...later, needsReauth: 'revoked' }, NOW, policy).token).toMatchObject({ needsReauth: 'revoked' });
  });

  test('stays refused over a read of the same token', () => {
    const state = afterRefresh(expired, refreshOf(expired, NOW), refused, NOW, policy);
    expect(afterLoad(state, { ...snapshot, accessTokenExpiresAt: NOW }, NOW, policy).token).toEqual(state.token);
  });
});

test('Dexcom being away disconnects nobody, however long', () => {
  let state = expired;
  for (let tries = 0; tries < 1_000; tries++) state = afterFailedRefresh(state, failed('DexcomUnavailable'), NOW, policy);
  expect(state.token).toMatchObject({ needsReauth: null, refusals: 0, nextTryAt: NOW + HOUR });
  expect(nextStep(state, NOW + HOUR, policy).kind).toBe('refreshToken');
});

test.each([
  ['5 min before its end', 2 * HOUR, 2 * HOUR - 5 * MINUTE],
  ['halfway, if it lives shorter than twice that', 4 * MINUTE, 2 * MINUTE],
])('a new token is renewed %s', (_, livesMs, renewedAfterMs) => {
  const { token } = afterRefresh(expired, refreshOf(expired, NOW), { kind: 'refreshed', accessTokenExpiresAt: NOW + livesMs }, NOW, policy);
  expect(token.refreshAt).toBe(NOW + renewedAfterMs);
});

test('a token that is over as it comes is not renewed without a pause', () => {
  const state = afterRefresh(expired, refreshOf(expired, NOW), { kind: 'refreshed', accessTokenExpiresAt: NOW - HOUR }, NOW, policy);
  expect(nextStep(state, NOW, policy)).toMatchObject({ kind: 'wait', until: NOW + MINUTE });
});

function refreshOf(state: SyncState, now: number): RefreshToken {
  const step = nextStep(state, now, policy);
  if (step.kind !== 'refreshToken') throw new Error(`expected a refresh, got ${step.kind}`);
  return step;
}
