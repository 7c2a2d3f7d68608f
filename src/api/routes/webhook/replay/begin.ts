import type { ReplayDoc, ReplayWish } from '../../../../storage/replays';
import type { WebhookEndpointDoc } from '../../../../storage/webhookEndpointDoc';
import { beginReplay, IdempotencyKeyReused } from '../../../../webhooks/replay/beginReplay';
import { ApiError } from '../../../errors';
import type { Services } from '../../../services';

/** Begins a replay, or joins it. @throws ApiError 409 */
export async function begin(
  { webhooks }: Services,
  endpoint: WebhookEndpointDoc,
  wish: ReplayWish,
  idempotencyKey: string | undefined,
): Promise<ReplayDoc> {
  if (endpoint.disabled) throw new ApiError(409, 'The endpoint is disabled; enable it first');
  try {
    return await beginReplay(webhooks, endpoint, wish, idempotencyKey ?? null);
  } catch (error) {
    if (!(error instanceof IdempotencyKeyReused)) throw error;
    throw new ApiError(409, 'This Idempotency-Key was sent with another request');
  }
}
