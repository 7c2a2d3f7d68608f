import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { FeedConsumerDoc } from '../../../storage/feedConsumers';
import { instant, instantOrNull } from '../../instant';
import type { KeyEnv } from '../../security/teamKey';
import type { EventConsumer } from './schemas';

/** Consumers as their owner sees them: where each stands, and how far behind. */
export async function shownConsumers(
  { var: { services, key } }: Context<KeyEnv>,
  consumers: readonly FeedConsumerDoc[],
): Promise<z.infer<typeof EventConsumer>[]> {
  const { teamId } = key;
  const newest = (await services.feed.entries.tail(teamId, Math.max(0, ...consumers.map(({ position }) => position))))?.position ?? 0;
  return consumers.map(({ name, position, nonce, since, placedAt, acknowledgedAt }) => ({
    name,
    cursor: services.feedCursors.seal({ teamId, position, nonce, since }),
    behind: Math.max(0, newest - position),
    placed_at: instant(placedAt),
    acknowledged_at: instantOrNull(acknowledgedAt),
  }));
}

/** One that is there. */
export async function shownConsumer(c: Context<KeyEnv>, consumer: FeedConsumerDoc): Promise<z.infer<typeof EventConsumer>> {
  const [shown] = await shownConsumers(c, [consumer]);
  if (!shown) throw new Error('a consumer that is there is shown');
  return shown;
}
