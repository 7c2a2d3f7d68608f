import type { ConnectionSnapshot, PullResult, SyncActivities } from '../../src/activities';
import { afterWindow } from '../../src/freshness/backfillWindows';
import { policyFor, type SyncPolicy } from '../../src/freshness/policy';
import type { DesiredState } from '../../src/storage/connectionDoc';

type Window = Parameters<SyncActivities['pull']>[0];

/** A sensor of one second, so that a loop's life passes in seconds. */
export const quick: SyncPolicy = { ...policyFor(1_000), backoffFirstMs: 600, refusedRereadMs: [0, 50, 100], refusedRetryMs: [200, 200] };

/** Consented a minute ago, with all that was measured in the year before still to be read. */
export function yearOfHistory(): Pick<ConnectionSnapshot, 'liveFrom' | 'coveredUntil' | 'backfill'> {
  const ceiling = Date.now() - 60_000;
  return { liveFrom: ceiling, coveredUntil: ceiling, backfill: { floor: ceiling - 365 * 86_400_000, ceiling, doneBackTo: ceiling } };
}

/** What a worker is given of a script: its activities, each by itself. */
export const bound = (script: Script): object => ({ ...script });

/**
 * The activities of one connection as the loop sees them, storage played by a variable: for tests of what the loop decides.
 * What the real ones do is tested with them.
 */
export class Script implements SyncActivities {
  readonly pulls: Window[] = [];
  readonly delivered: number[] = [];
  readonly notes: Parameters<SyncActivities['noteFailure']>[0][] = [];
  readonly refreshes: Parameters<SyncActivities['refreshToken']>[0][] = [];
  pollEveryMs = 300;
  desired: DesiredState = 'running';
  now: Omit<ConnectionSnapshot, 'connectionId' | 'desired'>;

  /** What a pull does; by default it finds nothing and says when to come again. */
  onPull: (window: Window) => Promise<Partial<PullResult>> = async () => ({});
  onRefresh: SyncActivities['refreshToken'] = async () => ({ kind: 'refreshed', accessTokenExpiresAt: Date.now() + 3_600_000 });

  constructor(connection: Partial<ConnectionSnapshot> = {}) {
    const liveFrom = Date.now() - 60_000;
    this.now = {
      accessTokenExpiresAt: liveFrom + 3_600_000,
      needsReauth: null,
      liveFrom,
      coveredUntil: liveFrom,
      nextPollAt: liveFrom,
      nextSweepAt: liveFrom + 3_600_000,
      nextDeepSweepAt: liveFrom + 86_400_000,
      backfill: null,
      failures: 0,
      ...connection,
    };
  }

  loadConnection: SyncActivities['loadConnection'] = async ({ connectionId }) =>
    this.desired === 'disconnected' ? null : { ...this.now, connectionId, desired: this.desired };

  pull: SyncActivities['pull'] = async (window) => {
    this.pulls.push(window);
    const result = await this.onPull(window);
    const nextPollAt = Date.now() + this.pollEveryMs;
    const { doneBackTo = window.from } = result;
    if (window.purpose !== 'backfill') this.now = { ...this.now, nextPollAt, coveredUntil: window.to };
    else if (this.now.backfill) this.now = { ...this.now, backfill: afterWindow(this.now.backfill, { from: doneBackTo, to: window.to }) };
    return { created: 0, updated: 0, readings: 0, quarantined: 0, messages: 0, newestAt: null, nextPollAt, ...result, doneBackTo };
  };

  refreshToken: SyncActivities['refreshToken'] = async (target) => {
    this.refreshes.push(target);
    return this.onRefresh(target);
  };

  setDesired: SyncActivities['setDesired'] = async ({ desired }) => {
    this.desired = desired;
  };

  noteFailure: SyncActivities['noteFailure'] = async (failure) => {
    this.notes.push(failure);
  };

  deliver: SyncActivities['deliver'] = async () => {
    this.delivered.push(this.pulls.length);
  };

  /** How many pulls of this purpose have begun. */
  count(purpose: Window['purpose']): number {
    return this.pulls.filter((pull) => pull.purpose === purpose).length;
  }
}
