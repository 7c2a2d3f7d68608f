import { z } from 'zod';
import type { Cursors } from '../../../security/cursors';
import type { FeedConsumerDoc, FeedPlace } from '../../../storage/feedConsumers';

/** A place in a team's feed. */
export type FeedPosition = FeedPlace & { readonly teamId: string };

export const FeedPositionShape: z.ZodType<FeedPosition> = z.object({
  teamId: z.string(),
  position: z.number(),
  nonce: z.string().nullable(),
  since: z.number(),
});

export type FeedCursors = Cursors<FeedPosition>;

/** What a consumer was given the last of: acknowledged by it. */
export type ConsumerPosition = Pick<FeedConsumerDoc, 'teamId' | 'name' | 'placing' | 'position' | 'nonce'>;

export const ConsumerPositionShape: z.ZodType<ConsumerPosition> = z.object({
  teamId: z.string(),
  name: z.string(),
  placing: z.string(),
  position: z.number(),
  nonce: z.string().nullable(),
});

export type ConsumerCursors = Cursors<ConsumerPosition>;
