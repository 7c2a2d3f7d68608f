import type { WebhookServices } from './webhookServices';

const PAGE = 100;

/**
 * `reconcile`'s part for backlogs whose workflow somebody has cancelled or terminated: every enabled endpoint with a delivery pending, or
 * events to catch up with, and nobody running gets one (design §4). @returns how many it started
 */
export async function wakeBacklogs({
  endpoints,
  deliveries,
  backlogs,
}: Pick<WebhookServices, 'endpoints' | 'deliveries' | 'backlogs'>): Promise<number> {
  let started = 0;
  for (
    let page = await endpoints.enabledAfter('', PAGE);
    page.length > 0;
    page = await endpoints.enabledAfter(page.at(-1)?._id ?? '', PAGE)
  ) {
    for (const { _id: endpointId, teamId, catchUp } of page) {
      const waits = catchUp !== null || (await deliveries.hasPending({ teamId, endpointId }));
      if (!waits || (await backlogs.isRunning(endpointId))) continue;
      await backlogs.wake({ teamId, endpointId }, null);
      started++;
    }
  }
  return started;
}
