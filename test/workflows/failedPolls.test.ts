import { afterFailure, afterPull } from '../../src/workflows/outcome';
import { afterRefresh } from '../../src/workflows/tokenOutcome';
import { due, failed, HOUR, idle, MINUTE, NOW, nothingNew, policy, pullOf, step } from './states';

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
