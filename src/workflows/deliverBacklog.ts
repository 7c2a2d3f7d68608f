import {
  ActivityCancellationType,
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { BacklogActivities } from '../activities/backlogActivities';
import { pending, tryNow } from '../temporal/backlogMessages';
import { describeBacklog } from './backlogDetails';
import { afterDrain, beginsAnywhere } from './backlogOutcome';
import type { BacklogInput } from './backlogState';

/**
 * Delivers what waits for one endpoint: probes until it answers, drains oldest first, tries again what was refused while others were taken, and
 * ends when nothing is left and nobody has called.
 */
export async function deliverBacklog(input: BacklogInput): Promise<void> {
  const { endpointId, teamId, policy } = input;
  const { markFailing } = proxyLocalActivities<Pick<BacklogActivities, 'markFailing'>>({
    startToCloseTimeout: '10 seconds',
    retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
    // A database that stays away must not keep a workflow task open.
    localRetryThreshold: '5 seconds',
  });
  const { drainBacklog } = proxyActivities<Pick<BacklogActivities, 'drainBacklog'>>({
    taskQueue: input.activityQueue,
    startToCloseTimeout: policy.drainMs + 60_000,
    heartbeatTimeout: '45 seconds',
    // The next workflow of this endpoint must not find the last one's drain still posting.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // Only the database away ends here; it comes back, and nothing else can be done meanwhile.
    retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
  });
  let { state } = input;
  let signalled = false;
  let hurried = input.hurried ?? false;
  let drains = 0;

  setHandler(pending, () => callAgain(), { description: 'Something waits for this endpoint: look again before you end' });
  setHandler(tryNow, () => hurry(), { description: 'Try the endpoint now instead of waiting for the next probe' });

  // A drain does it too, but until the first one everything younger would overtake what waits.
  if (state.nextTryAt > Date.now() && state.waitsFor !== 'aside') {
    await markFailing({ endpointId, teamId });
    // The call that started the workflow has brought the failure: it says nothing new. A later run was started by none.
    if (workflowInfo().continuedFromExecutionRunId === undefined) signalled = false;
  }
  for (;;) {
    if (state.nextTryAt > Date.now() && !isCalled()) await wait();
    if (drains >= policy.drainsPerRun || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof deliverBacklog>({ ...input, hurried, state: isCalled() ? { ...state, nextTryAt: 0 } : state });
    }

    const { failures } = state;
    const target = { endpointId, teamId, policy, hurried, failures, postsPerSecond: state.postsPerSecond ?? policy.postsPerSecond };
    signalled = false;
    hurried = false;
    setCurrentDetails(describeBacklog(input, state, 'draining'));
    const result = await drainBacklog.executeWithOptions({ summary: summary() }, [{ ...target, anywhere: beginsAnywhere(state, policy) }]);
    drains++;
    state = afterDrain(state, result, { now: Date.now(), random: Math.random(), policy });
    // A call since the last look may be about something committed after it.
    if (result.kind !== 'more' && result.kind !== 'failed' && state.nextTryAt === 0 && !signalled) return;
  }

  function callAgain(): void {
    signalled = true;
  }

  function hurry(): void {
    signalled = true;
    hurried = true;
  }

  /** A call that is heard at once: unless the endpoint is left alone, every one is. */
  function isCalled(): boolean {
    return hurried || (signalled && state.waitsFor !== 'probe');
  }

  /** Calls fill the history while it waits: it may have to be cut. */
  async function wait(): Promise<void> {
    setCurrentDetails(describeBacklog(input, state, 'waiting'));
    const enough = () => isCalled() || workflowInfo().continueAsNewSuggested;
    await condition(enough, state.nextTryAt - Date.now(), {
      summary: state.waitsFor === 'aside' ? 'next try of what stands aside' : summary(),
    });
  }

  function summary(): string {
    return state.failures > 0 ? `probe after ${state.failures} not taken` : 'deliver what waits';
  }
}
