import { CancelledFailure, Context } from '@temporalio/activity';
import type { Logger } from '../log';
import { type Dispatching, dispatch } from '../webhooks/dispatch';
import { type Draining, drainBacklog } from '../webhooks/drainBacklog';
import type { SyncActivities } from '.';
import { asActivityFailure } from './activityFailure';
import type { BacklogActivities } from './backlogActivities';

/** The local activity has 4 s in all: what is begun in this time is also recorded in them. */
const DELIVER_MS = 3_400;
/** More than a poll ever brings; the rest is the next one's, or `reconcile`'s. */
const MOST_MESSAGES = 100;

export function createWebhookActivities(deps: Dispatching & Draining, log: Logger): Pick<SyncActivities, 'deliver'> & BacklogActivities {
  return {
    async deliver({ connectionId }) {
      const endAt = Date.now() + DELIVER_MS;
      try {
        await dispatch(deps, await deps.messages.undispatchedOf(connectionId, MOST_MESSAGES), endAt);
      } catch (error) {
        throw asActivityFailure(error, log.child({ connectionId }));
      }
    },

    async markFailing({ teamId, endpointId }) {
      try {
        await deps.endpoints.markFailing(teamId, endpointId);
      } catch (error) {
        throw asActivityFailure(error, log.child({ endpointId }));
      }
    },

    async drainBacklog(target) {
      const context = Context.current();
      const signal = context.cancellationSignal;
      try {
        return await drainBacklog(deps, { ...target, signal, progress: (accepted) => context.heartbeat({ accepted }) });
      } catch (error) {
        if (signal.aborted) throw new CancelledFailure('cancelled between two posts, what was accepted is recorded');
        throw asActivityFailure(error, log.child({ endpointId: target.endpointId }));
      }
    },
  };
}
