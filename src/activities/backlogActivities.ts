import type { BacklogPolicy } from '../workflows/backlogPolicy';

/** The activities of a failing endpoint's workflow: ids, counts and codes only. */
export interface BacklogActivities {
  /** Local. From now on nothing is posted inline: what is new queues behind what waits. An endpoint that is disabled or gone stays as it is. */
  markFailing(target: { endpointId: string; teamId: string }): Promise<void>;
  /**
   * Marks the endpoint failing and posts what is pending for it, oldest first, until something is not taken, nothing is left or the limits of
   * the policy are reached. Repeatable: what was accepted is in storage.
   */
  drainBacklog(target: { endpointId: string; teamId: string; policy: BacklogPolicy }): Promise<DrainResult>;
}

export type DrainResult = {
  /** Delivered by this drain. */
  readonly accepted: number;
} & (
  | {
      /**
       * `drained`: nothing was pending, the endpoint was marked healthy, and still nothing was pending.
       * `more`: the limits were reached. `gone`: the endpoint is disabled or deleted.
       */
      readonly kind: 'drained' | 'more' | 'gone';
    }
  | {
      /** Something was not taken, and waits as before. */
      readonly kind: 'failed';
      /** `HTTP 503`, `ECONNREFUSED`: never a body or a URL. */
      readonly error: string;
      readonly retryAfterMs: number | null;
    }
);
