import fc from 'fast-check';
import type { BackfillWindows } from '../../src/freshness/backfillWindows';
import { LONGEST_WINDOW_MS } from '../../src/freshness/policy';
import { nextStep, type Pull } from '../../src/workflows/nextStep';
import { afterFailure, afterPull } from '../../src/workflows/outcome';
import type { SyncState } from '../../src/workflows/syncState';
import { connected, DAY, failed, HOUR, idle, MINUTE, NOW, nothingNew, policy, pullOf, readBy, step } from './states';

const far = { ...idle.token, expiresAt: Infinity, refreshAt: Infinity };

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
