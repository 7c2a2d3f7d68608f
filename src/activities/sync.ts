import { CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Logger } from '../log';
import type { SyncDeps } from '../sync/deps';
import { lastErrorType } from '../sync/lastErrorType';
import { pull } from '../sync/pull';
import { refreshGrant } from '../sync/refreshGrant';
import { snapshotOf } from '../sync/snapshot';
import type { SyncActivities } from '.';
import { asActivityFailure } from './activityFailure';

type PullWindow = Parameters<SyncActivities['pull']>[0];

/** Of an attempt's time, for what was begun before it ran out. */
const RESERVE_MS = 2_000;
/** What an answer and its storing may take. */
const REFRESH_MS = 15_000;

/** A later attempt at new readings reads what there is by now. A full window has not reached now: it catches up, or sweeps. */
function endOf({ purpose, from, to, policy }: PullWindow, attempt: number): number {
  if (attempt === 1 || purpose === 'backfill' || to - from >= policy.longestWindowMs) return to;
  return Math.max(to, Math.min(from + policy.longestWindowMs - 1, Date.now()));
}

/** The activities of `syncConnection` but for `deliver`; they add Temporal's deadlines, cancellation and failures to src/sync. */
export function createSyncActivities(deps: SyncDeps, log: Logger): Omit<SyncActivities, 'deliver'> {
  const failing = async <Result>(connectionId: string, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      const { cancellationSignal } = Context.current();
      if (cancellationSignal.aborted) throw new CancelledFailure('cancelled between two steps, nothing is lost');
      throw asActivityFailure(error, log.child({ connectionId }));
    }
  };

  /** For readers alone: that it cannot be written must not stand in front of what went wrong. */
  async function noteHistory(connectionId: string, failure: unknown): Promise<void> {
    if (!(failure instanceof ApplicationFailure) || failure.category === ApplicationFailureCategory.BENIGN) return;
    const type = lastErrorType(failure.type ?? '');
    if (type === null) return;
    await deps.pulls
      .noteHistoryError(connectionId, { type, at: Date.now() })
      .catch((err: unknown) => log.warn({ err, connectionId }, 'a failure was not noted'));
  }

  /** Before each attempt, so that readers see that it goes on, or what became of the one before. */
  async function noteAttempt(connectionId: string): Promise<void> {
    const { attempt } = Context.current().info;
    try {
      await deps.pulls.noteHistoryBegun(connectionId, Date.now());
      if (attempt > 1) await deps.pulls.noteHistoryLost(connectionId, { type: 'Timeout', at: Date.now() });
    } catch (err) {
      log.warn({ err, connectionId }, 'an attempt was not noted');
    }
  }

  return {
    loadConnection: ({ connectionId }) => failing(connectionId, () => snapshotOf(deps, connectionId)),

    pull: async (window) => {
      if (window.purpose === 'backfill') await noteAttempt(window.connectionId);
      try {
        return await failing(window.connectionId, () => {
          const { cancellationSignal, info } = Context.current();
          const inTime = AbortSignal.timeout(Math.max(0, info.startToCloseTimeoutMs - RESERVE_MS));
          return pull(deps, { ...window, to: endOf(window, info.attempt), signal: AbortSignal.any([cancellationSignal, inTime]) });
        });
      } catch (failure) {
        if (window.purpose === 'backfill') await noteHistory(window.connectionId, failure);
        throw failure;
      }
    },

    refreshToken: ({ connectionId, step = 'spend', attemptsLeft, knownExpiresAt }) =>
      failing(connectionId, () => {
        const sendBefore = Date.now() + Context.current().info.startToCloseTimeoutMs - REFRESH_MS;
        return refreshGrant(deps, { connectionId, step, attemptsLeft, knownExpiresAt, sendBefore });
      }),

    setDesired: ({ connectionId, desired }) =>
      failing(connectionId, async () => {
        const connection = await deps.connections.load(connectionId);
        if (connection) await deps.connections.setDesired(connection.teamId, connectionId, desired);
      }),

    noteFailure: ({ connectionId, type: failed, message, failures, nextPollAt }) =>
      failing(connectionId, async () => {
        const type = lastErrorType(failed);
        if (type === null) return;
        const lastError = { type, message, at: Date.now() };
        await deps.pulls.noteFailure(connectionId, { lastError, failures, nextPollAt });
      }),
  };
}
