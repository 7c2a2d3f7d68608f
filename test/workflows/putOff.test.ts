import { describe as describePage } from '../../src/workflows/describe';
import { lifeOfState } from '../../src/workflows/lifeOfState';
import { nextStep, type Pull, type Step } from '../../src/workflows/nextStep';
import { afterFailure, afterPull } from '../../src/workflows/outcome';
import { errorOf, phaseOf } from '../../src/workflows/phase';
import type { SyncState } from '../../src/workflows/syncState';
import { afterFailedRefresh } from '../../src/workflows/tokenOutcome';
import { connected, failed, idle, MINUTE, NOW, nothingNew, policy, SECOND } from './states';

const step = (state: SyncState, now = NOW): Step => nextStep(state, now, policy);

function pullOf(next: Step): Pull {
  if (next.kind !== 'pull') throw new Error(`expected a pull, not ${next.kind}`);
  return next;
}

describe.each(['BudgetSpent', 'RateLimited'])('a call that is put off (%s)', (type) => {
  const poll = pullOf(step({ ...idle, live: { ...idle.live, nextPollAt: NOW } }));
  const identity = { connectionId: 'connection', userId: 'user', teamId: 'team' };
  const putOff = afterFailure(idle, poll, failed(type, 3 * MINUTE), NOW, policy);

  test('makes a poll wait as long as it is told, and no longer each time', () => {
    const again = afterFailure(putOff, poll, failed(type, 3 * MINUTE), NOW + 3 * MINUTE, policy);
    expect(step(putOff)).toMatchObject({ kind: 'wait', until: NOW + 3 * MINUTE });
    expect(step(again, NOW + 3 * MINUTE)).toMatchObject({ kind: 'wait', until: NOW + 6 * MINUTE });
    expect(step(putOff, NOW + 3 * MINUTE)).toMatchObject({ kind: 'pull' });
  });

  test('is nobody’s failure: connected, no error, and the page says what is waited for', () => {
    expect(putOff.live).toMatchObject({ failures: 0, error: null });
    expect(lifeOfState(putOff)).toMatchObject({ state: 'connected', reason: null });
    expect([phaseOf(putOff), errorOf(putOff)]).toEqual(['live', null]);
    const page = describePage(identity, putOff, step(putOff), policy);
    expect(page).toMatch(/calls of its (Dexcom )?app just now, its turn comes 2026-11-22 12:03:00 UTC/);
    expect(page).toContain(`put off, nothing has failed (${type})`);
    const polled = afterPull(putOff, poll, nothingNew, NOW, policy);
    expect(describePage(identity, polled, step(polled), policy)).not.toContain('put off');
  });

  test('makes a renewal wait, and is told for what it is', () => {
    const due = { ...idle, token: { ...idle.token, expiresAt: NOW + SECOND, refreshAt: NOW } };
    const waiting = afterFailedRefresh(due, failed(type, 3 * SECOND), NOW, policy);
    expect(waiting.token).toMatchObject({ failures: 0, error: null, refusals: 0 });
    expect(lifeOfState(waiting)).toMatchObject({ state: 'connected' });
    const later = step(waiting, NOW + 2 * SECOND);
    expect(later).toMatchObject({ kind: 'wait', until: NOW + 3 * SECOND, why: expect.stringContaining('just now') });
    expect(step(waiting, NOW + 3 * SECOND)).toMatchObject({ kind: 'refreshToken', reason: 'expiring' });
  });

  test('makes history wait, and is no failing window', () => {
    const held = afterFailure(connected, pullOf(step(connected)), failed(type, 10 * MINUTE), NOW, policy);
    expect(held.troubled).toEqual([]);
    expect([phaseOf(held), errorOf(held)]).toEqual(['backfill', null]);
  });
});
