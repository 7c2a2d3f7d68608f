import type { Logger } from '../log';
import type { ReplayOutcome } from '../storage/replays';
import { type Replaying, replayPart } from '../webhooks/replay/replayPart';
import { withdraw } from '../webhooks/replay/withdraw';
import type { ReplayPolicy } from '../workflows/replayPolicy';
import { asActivityFailure } from './activityFailure';

interface Operation {
  readonly operationId: string;
  readonly teamId: string;
}

/** The activities of a replay's workflow: ids and counts only. */
export interface ReplayActivities {
  /** Does the next part. Repeatable: what it has made pending stands in storage. */
  replayPart(target: Operation & { policy: ReplayPolicy }): Promise<ReplayProgress>;
  /** Somebody has cancelled the workflow from the Temporal UI. */
  cancelReplay(target: Operation): Promise<void>;
}

/** Counts of the whole replay so far. */
export interface ReplayProgress {
  /** `full`: enough waits for the endpoint. `more`: the part's time is over. */
  readonly kind: 'over' | 'full' | 'more';
  /** By this part. */
  readonly queuedNow: number;
  readonly queued: number;
  readonly lookedAt: number;
  readonly waiting: number;
  /** Null while it goes on, and of one that is not there any more. */
  readonly outcome: ReplayOutcome | null;
}

export function createReplayActivities(deps: Replaying, log: Logger): ReplayActivities {
  return {
    async replayPart({ policy, ...operation }) {
      try {
        return await replayPart(deps, operation, policy);
      } catch (error) {
        throw asActivityFailure(error, log.child({ operationId: operation.operationId }));
      }
    },

    async cancelReplay({ teamId, operationId }) {
      try {
        const replay = await deps.replays.load(teamId, operationId);
        if (replay) await deps.replays.end(replay, 'cancelled', Date.now());
        const now = await deps.replays.load(teamId, operationId);
        if (now?.outcome === 'cancelled') await withdraw(deps, now);
      } catch (error) {
        throw asActivityFailure(error, log.child({ operationId }));
      }
    },
  };
}
