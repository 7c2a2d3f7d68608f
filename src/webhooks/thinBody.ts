import { z } from 'zod';
import type { MessageDoc } from '../storage/messages';

/** What of an event's body names something, and says nothing of it. */
const Named = z.object({
  event_type: z.string().optional(),
  user_id: z.string().nullish(),
  client_user_id: z.string().nullish(),
  team_id: z.string().optional(),
  sequence: z.int().optional(),
  test: z.boolean().optional(),
  data: z.object({ user_id: z.string().optional(), connection_id: z.string().optional(), endpoint_id: z.string().optional() }).default({}),
});

/**
 * An event's body for endpoints that want it thin: its ids, and under `data.link` where the API shows it whole. No value, time or reason.
 * @param publicUrl of the API, without a trailing slash
 */
export function thinBody({ _id, body }: Pick<MessageDoc, '_id' | 'body'>, publicUrl: string): string {
  const { data, ...envelope } = Named.parse(JSON.parse(body));
  return JSON.stringify({ ...envelope, data: { ...data, link: `${publicUrl}${eventPath(_id)}` } });
}

/** Where the API shows an event. */
export const eventPath = (messageId: string): string => `/v2/events/${messageId}`;
