import { Context } from '@temporalio/activity';
import { type Dispatching, dispatch } from '../webhooks/dispatch';
import { drainBacklog } from '../webhooks/drainBacklog';
import type { SyncActivities } from '.';
import type { BacklogActivities } from './backlogActivities';

/** The local activity has 4 s in all: what is begun in this time is also recorded in them. */
const DELIVER_MS = 3_400;
/** More than a poll ever brings; the rest is the next one's, or `reconcile`'s. */
const MOST_MESSAGES = 100;

export function createWebhookActivities(deps: Dispatching): Pick<SyncActivities, 'deliver'> & BacklogActivities {
  return {
    async deliver({ connectionId }) {
      const endAt = Date.now() + DELIVER_MS;
      await dispatch(deps, await deps.messages.undispatchedOf(connectionId, MOST_MESSAGES), endAt);
    },

    async drainBacklog(target) {
      const context = Context.current();
      return drainBacklog(deps, { ...target, signal: context.cancellationSignal, progress: (accepted) => context.heartbeat({ accepted }) });
    },
  };
}
