import { nextTryOf } from '../workflows/backlogOutcome';
import type { Drain, DrainRun } from './drainBacklog';
import type { PostFailure } from './sender';
import { verdictOf } from './verdict';

/**
 * This has shown that the endpoint is failing: nothing more is posted, until it is tried next. Of several at once the first says when; one that
 * asks to be left alone for good is not tried again by itself.
 */
export function endByFailure({ policy, failures }: Drain, run: DrainRun, failure: PostFailure): void {
  if (run.failure) return;
  run.failure = failure;
  if (failures === undefined || verdictOf(failure.status) === 'gone') return;

  const { retryAfterMs } = failure;
  run.nextTryAt = nextTryOf(failures, { accepted: run.accepted, retryAfterMs }, { now: Date.now(), random: Math.random(), policy });
}
