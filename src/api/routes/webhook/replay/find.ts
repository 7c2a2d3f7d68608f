import type { ReplayDoc } from '../../../../storage/replays';
import type { EndpointScope } from '../../../../storage/webhookEndpoints';
import { notFound } from '../../../errors';
import type { Services } from '../../../services';

/** A replay of one endpoint. @throws ApiError 404 where either is not there */
export async function findReplay(
  { webhooks }: Services,
  scope: Required<EndpointScope>,
  endpointId: string,
  operationId: string,
): Promise<ReplayDoc> {
  const endpoint = await webhooks.endpoints.get(scope, endpointId);
  const replay = endpoint && (await webhooks.replays.load(scope.teamId, operationId));
  if (!replay || replay.endpointId !== endpointId) throw notFound();
  return replay;
}
