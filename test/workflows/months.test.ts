import fc from 'fast-check';
import { afterLook } from '../../src/freshness/schedule';
import type { FreshnessState } from '../../src/storage/connectionDoc';
import { nextStep, type Pull } from '../../src/workflows/nextStep';
import { afterFailure, afterLoad, afterPull } from '../../src/workflows/outcome';
import { newState, type SyncState } from '../../src/workflows/syncState';
import { afterFailedRefresh, afterRefresh } from '../../src/workflows/tokenOutcome';
import { DAY, failed, HOUR, MINUTE, NOW, nothingNew, policy, readBy, SECOND, snapshot } from './states';

interface World {
  readonly delayMs: number;
  readonly historyDays: number;
  /** Hours from the consent between which Dexcom answers nothing. */
  readonly outages: readonly (readonly [number, number])[];
}

/** What a connection does in `days`, by its decisions alone: no server, no clock. */
function live({ delayMs, historyDays, outages }: World, days: number) {
  const liveFrom = NOW;
  const end = NOW + days * DAY;
  const isOut = (now: number) => outages.some(([from, to]) => now >= liveFrom + from * HOUR && now < liveFrom + to * HOUR);
  const visibleUpTo = (now: number) => Math.floor((now - delayMs) / policy.cadenceMs) * policy.cadenceMs;

  const start = { liveFrom, coveredUntil: liveFrom, nextPollAt: liveFrom, nextSweepAt: liveFrom, nextDeepSweepAt: liveFrom };
  const backfill = { floor: liveFrom - historyDays * DAY, ceiling: liveFrom, doneBackTo: liveFrom };
  const fresh = { ...snapshot, ...start, accessTokenExpiresAt: liveFrom + 2 * HOUR, backfill };
  let state: SyncState = afterLoad({ ...newState, stale: false }, fresh, liveFrom, policy);
  let freshness: FreshnessState = { newestAt: null, delayMs: null, missesInARow: 0 };
  let now = liveFrom;
  const pulls: (Pull & { readonly at: number })[] = [];
  let refreshes = 0;
  let largest = 0;

  while (now < end) {
    const step = nextStep(state, now, policy);
    if (pulls.length % 20 === 0) largest = Math.max(largest, JSON.stringify(state).length);
    if (step.kind === 'wait') {
      if (step.until === null || step.until <= now) throw new Error(`waits for ${step.until} at ${now}: ${step.why}`);
      now = step.until;
      continue;
    }
    now += SECOND;
    if (step.kind === 'refreshToken') {
      refreshes++;
      state = isOut(now)
        ? afterFailedRefresh(state, failed('DexcomUnavailable'), now, policy)
        : afterRefresh(state, step, { kind: 'refreshed', accessTokenExpiresAt: now + 2 * HOUR }, now, policy);
    } else if (step.kind === 'pull' && isOut(now)) {
      state = afterFailure(state, step, failed('DexcomUnavailable'), now, policy);
    } else if (step.kind === 'pull') {
      pulls.push({ ...step, at: now });
      const look = afterLook(freshness, { now, newestAt: visibleUpTo(now), created: 0 }, policy);
      if (step.purpose !== 'backfill') freshness = look.state;
      state = afterPull(state, step, readBy(step, { ...nothingNew, nextPollAt: look.nextPollAt }), now, policy);
    } else throw new Error(`did not expect ${step.kind}`);
  }
  const polls = pulls.filter(({ purpose }) => purpose !== 'backfill');
  return { pulls, polls, refreshes, largest, state, visibleUpTo, liveFrom };
}

/** Whether somebody asked for a reading once it was visible. @param polls in the order they were made */
function isSeen(polls: readonly (Pull & { at: number })[], measuredAt: number, visibleAt: number): boolean {
  let first = 0;
  for (let beyond = polls.length; first < beyond; ) {
    const middle = Math.floor((first + beyond) / 2);
    if ((polls[middle]?.at ?? 0) < visibleAt) first = middle + 1;
    else beyond = middle;
  }
  for (let poll = polls[first]; poll; poll = polls[++first]) if (poll.from <= measuredAt && poll.to > measuredAt) return true;
  return false;
}

describe('months of a connection', () => {
  test('in 60 quiet days: few calls more than readings, a sweep each hour, a deep one each day, the token renewed in time', () => {
    const { pulls, polls, refreshes, largest } = live({ delayMs: 12 * MINUTE, historyDays: 365, outages: [] }, 60);
    const windows = Math.ceil((365 * DAY) / policy.longestWindowMs);
    expect(pulls.filter(({ purpose }) => purpose === 'backfill')).toHaveLength(Math.ceil(windows / policy.stretchWindows));
    expect(polls.length / (60 * 288)).toBeLessThanOrEqual(1.15);
    const sweeps = polls.filter(({ purpose }) => purpose !== 'live');
    expect(sweeps.length).toBeGreaterThanOrEqual(60 * 22);
    expect(sweeps.length).toBeLessThanOrEqual(60 * 24);
    expect(polls.filter(({ purpose }) => purpose === 'deepSweep').length).toBe(60);
    expect(refreshes).toBeLessThanOrEqual((60 * 24) / 1.9);
    expect(largest).toBeLessThan(1_024);
  });

  test('whatever fails for however long, every reading is asked for once Dexcom answers, and all of the history', () => {
    const outage = fc
      .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 800 }))
      .map(([from, length]) => [from, from + length] as const);
    const world = fc.record({
      delayMs: fc.integer({ min: 0, max: 3 * HOUR }),
      historyDays: fc.integer({ min: 1, max: 400 }),
      outages: fc.array(outage, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(world, (world) => {
        const lastOut = Math.max(0, ...world.outages.map(([, to]) => to)) / 24;
        const { polls, state, liveFrom, visibleUpTo, largest } = live(world, lastOut + 3);
        expect(state.backfill).toMatchObject({ doneBackTo: liveFrom - world.historyDays * DAY });
        expect(state.backfill?.skipped ?? []).toEqual([]);
        expect(state.token.needsReauth).toBeNull();
        expect(largest).toBeLessThan(1_024);

        const end = polls.at(-1)?.at ?? 0;
        for (let measuredAt = liveFrom + policy.cadenceMs; measuredAt < visibleUpTo(end); measuredAt += 7 * policy.cadenceMs) {
          if (!isSeen(polls, measuredAt, measuredAt + world.delayMs))
            throw new Error(`never saw ${measuredAt - liveFrom} ms after the consent`);
        }
      }),
      { numRuns: 15 },
    );
  });
});
