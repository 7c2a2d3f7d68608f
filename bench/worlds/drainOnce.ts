import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { drainBacklog } from '../../src/webhooks/drainBacklog';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import type { PostOffice } from '../../test/webhooks/postOffice';

/** What an endpoint's workflow has done for it at a time, but as fast as it goes. @returns how many it has delivered */
export async function drainOnce(office: PostOffice, { teamId, _id: endpointId }: WebhookEndpointDoc): Promise<number> {
  const { accepted, kind } = await drainBacklog(office, {
    ...{ teamId, endpointId, policy: backlogPolicy, anywhere: false },
    postsPerSecond: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  if (accepted === 0) throw new Error(`a drain has brought nothing: ${kind}`);
  return accepted;
}
