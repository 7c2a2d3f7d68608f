import {
  ActivityCancellationType,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReplayActivities, ReplayProgress } from '../activities/replays';
import { replayChanged } from '../temporal/replayMessages';
import type { ReplayPolicy } from './replayPolicy';

/** What a replay's workflow is started with; everything else stands in storage. */
export interface ReplayInput {
  readonly operationId: string;
  readonly teamId: string;
  readonly endpointId: string;
  readonly policy: ReplayPolicy;
  readonly activityQueue: string;
  /** Looks in a row that found the endpoint with enough to do. */
  readonly full: number;
}

/** Sends an endpoint past events again, no faster than it takes them; what has become of it stands in its document. */
export async function replayEvents(input: ReplayInput): Promise<void> {
  const { operationId, teamId, policy } = input;
  const { replayPart, cancelReplay } = proxyActivities<ReplayActivities>({
    taskQueue: input.activityQueue,
    startToCloseTimeout: policy.partMs + 60_000,
    heartbeatTimeout: '30 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // Only servers that are away end here; they come back.
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  });
  let { full } = input;
  let changed = false;
  setHandler(replayChanged, () => lookAgain(), { description: 'The replay was begun or cancelled: look again' });

  try {
    for (let parts = 0; parts < policy.partsPerRun && !workflowInfo().continueAsNewSuggested; parts++) {
      changed = false;
      const progress = await replayPart({ operationId, teamId, policy });
      setCurrentDetails(describeReplay(input, progress));
      // Begun anew since that look: this workflow does that, too.
      if (progress.kind === 'over' && !changed) return;

      full = progress.kind === 'full' && progress.queuedNow === 0 ? full + 1 : 0;
      if (progress.kind === 'full') await condition(() => changed, pauseMs(full, policy), { summary: 'until the endpoint has taken some' });
    }
    // The part at hand was let end, and the next run would not know.
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('cancelled');
    await continueAsNew<typeof replayEvents>({ ...input, full });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => cancelReplay({ operationId, teamId }));
    setCurrentDetails('**cancelled**');
  }

  function lookAgain(): void {
    changed = true;
  }
}

/** @param full looks in a row at which nothing had moved */
const pauseMs = (full: number, { pauseMs: first, longestPauseMs }: ReplayPolicy): number =>
  Math.min(longestPauseMs, first * 2 ** Math.min(full, 20));

/** What a platform engineer reads in the Temporal UI: no health data. */
const describeReplay = ({ endpointId, teamId }: ReplayInput, progress: ReplayProgress): string =>
  `**${doing(progress)}**

- endpoint ${endpointId} of team ${teamId}
- ${progress.queued} events to be sent again, ${progress.waiting} were on their way anyway
- ${progress.lookedAt} looked at`;

function doing({ kind, outcome }: ReplayProgress): string {
  if (kind === 'over') return outcome?.replace('_', ' is ') ?? 'not there any more';
  return kind === 'full' ? 'waits until the endpoint has taken some of them' : 'looking through what was told';
}
