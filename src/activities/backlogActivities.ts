import type { BacklogPolicy } from '../workflows/backlogPolicy';

/** The activities of a failing endpoint's workflow: ids, counts and codes only. */
export interface BacklogActivities {
  /** Local. From now on nothing is posted inline: what is new queues behind what waits. An endpoint that is disabled or gone stays as it is. */
  markFailing(target: { endpointId: string; teamId: string }): Promise<void>;
  /**
   * Marks the endpoint failing and posts what is pending for it, oldest first, until something is not taken, nothing is left or the limits of
   * the policy are reached; what it refuses while it takes others is set aside, and tried again when it is due. Tells what there is to tell of
   * the endpoint. Repeatable: what was accepted is in storage.
   * @param target.anywhere begin at any of the oldest instead of the very oldest
   * @param target.failures in a row before this drain. Absent: an older release of the workflow does not tell
   * @param target.hurried somebody wants it tried now, whatever it has asked for. Absent: nobody, as far as an older release of the workflow knows
   */
  drainBacklog(target: {
    endpointId: string;
    teamId: string;
    policy: BacklogPolicy;
    postsPerSecond: number;
    anywhere: boolean;
    hurried?: boolean;
    failures?: number;
  }): Promise<DrainResult>;
}

/** `refused`: by several messages. `doubtful`: by so few that it may be their fault. */
export type Trouble = 'busy' | 'unanswered' | 'refused' | 'doubtful';

export type DrainResult = {
  /** Delivered by this drain. */
  readonly accepted: number;
} & (
  | {
      /** Nothing was pending in its turn, the endpoint was marked healthy, and still nothing was pending. */
      readonly kind: 'drained';
      /** When the next of those that stand aside is due, Unix milliseconds; null if none does. */
      readonly dueAt: number | null;
    }
  /** `more`: the limits were reached. `gone`: the endpoint is disabled or deleted. */
  | { readonly kind: 'more' | 'gone' }
  | {
      /** Something was not taken, or nothing was posted because that was asked for; it waits as before. */
      readonly kind: 'failed';
      readonly trouble: Trouble;
      /** `HTTP 503`, `ECONNREFUSED`: never a body or a URL. */
      readonly error: string;
      readonly retryAfterMs: number | null;
      /** How long from now until the next try that the log of attempts tells, whatever our clocks say; absent: the workflow decides. */
      readonly waitMs?: number;
    }
);

export type FailedDrain = Extract<DrainResult, { readonly kind: 'failed' }>;
