import { z } from 'zod';

/** No body is longer, in bytes. A message of readings is cut far below it (`READINGS_PER_MESSAGE`); what is longer holds something absurd. */
export const MOST_BODY_BYTES = 256 * 1024;

const Fat = z.looseObject({ data: z.looseObject({}) });

/** A body too long to be posted goes without its list, and says so with `truncated`: what it tells of can be asked for. */
export function withinLimit(body: string): string {
  if (Buffer.byteLength(body) <= MOST_BODY_BYTES) return body;
  const { data, ...envelope } = Fat.parse(JSON.parse(body));
  return JSON.stringify({ ...envelope, data: { ...data, data: [], truncated: true } });
}
