import type { DeliveryDoc } from '../storage/deliveries';
import type { MessageDoc } from '../storage/messages';
import type { WebhookEndpointDoc } from '../storage/webhookEndpointDoc';
import type { EventBody } from './payloads';
import { instant } from './payloads';

/** Of an endpoint as its events name it: never its URL, which may hold a secret. */
export type ToldEndpoint = Pick<WebhookEndpointDoc, '_id' | 'teamId' | 'environment' | 'description'>;

/** An endpoint has taken nothing since `failingSince`, and is disabled at `disableAt` if that goes on. Unix milliseconds. */
export function endpointFailing(
  endpoint: ToldEndpoint,
  { failingSince, percent, disableAt }: { readonly failingSince: number; readonly percent: number; readonly disableAt: number },
): EventBody {
  return aboutEndpoint('endpoint.failing', endpoint, {
    failing_since: instant(failingSince),
    percent,
    disabled_at: instant(disableAt),
    what_next: 'Mend it: what waits is delivered by itself. Once it is disabled, what happens is in the pull feed alone',
  });
}

/** Nothing more is sent there until its owner enables it; what waits is kept for then. What happens meanwhile is in the pull feed alone. */
export function endpointDisabled(endpoint: ToldEndpoint, reason: 'gone' | 'failing', failingSince: number | null): EventBody {
  return aboutEndpoint('endpoint.disabled', endpoint, {
    reason,
    failing_since: failingSince === null ? null : instant(failingSince),
    what_next: 'Enable it once it answers: what waits is delivered then. What happens until then is in the pull feed alone',
  });
}

/** After a warning it has taken something again. */
export function endpointRecovered(endpoint: ToldEndpoint, failingSince: number): EventBody {
  return aboutEndpoint('endpoint.recovered', endpoint, { failing_since: instant(failingSince) });
}

/** A message was refused for the last time while its endpoint took others. */
export function attemptExhausted(
  endpoint: ToldEndpoint,
  message: Pick<MessageDoc, '_id' | 'type' | 'userId'>,
  { attempts, lastStatus, lastError }: Pick<DeliveryDoc, 'attempts' | 'lastStatus' | 'lastError'>,
): EventBody {
  const told = { message_id: message._id, message_type: message.type, attempts, last_status: lastStatus, last_error: lastError };
  return aboutEndpoint('message.attempt.exhausted', endpoint, told, message.userId);
}

/** Whether it tells of the delivery of others: of its own delivery nothing is told, or two endpoints could keep each other busy for ever. */
export const isOperational = (type: string): boolean => type.startsWith('endpoint.') || type.startsWith('message.');

function aboutEndpoint(
  type: string,
  { _id, teamId, environment, description }: ToldEndpoint,
  told: object,
  userId: string | null = null,
): EventBody {
  const data = { endpoint_id: _id, environment, description, ...told };
  return { type, body: JSON.stringify({ event_type: type, user_id: userId, client_user_id: null, team_id: teamId, data }) };
}
