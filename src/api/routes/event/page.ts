import type { Context } from 'hono';
import { FeedPositionExpired } from '../../../feed/nextEntries';
import { type FeedPage, readFeed } from '../../../feed/readFeed';
import type { FeedPlace } from '../../../storage/feedConsumers';
import type { FeedEntryRef } from '../../../storage/feedEntries';
import type { MessageDoc } from '../../../storage/messages';
import { cursorExpired } from '../../errors';
import { instant } from '../../instant';
import type { KeyEnv } from '../../security/teamKey';
import type { EventsQuery } from './schemas';

/**
 * Answers what comes behind a place of the team's feed, at once or when there is something.
 * @param cursorOf what the answer's last entry is handed back as
 * @throws ApiError 410
 */
export async function answerEvents(
  c: Context<KeyEnv>,
  place: FeedPlace,
  query: EventsQuery,
  cursorOf: (last: FeedEntryRef) => string,
): Promise<Response> {
  const page = await orExpired(c, () => readOrWait(c, place, query));
  return c.body(written(page, cursorOf(page.last)), 200, { 'content-type': 'application/json' });
}

async function readOrWait(c: Context<KeyEnv>, place: FeedPlace, { types, user_id, limit, wait }: EventsQuery): Promise<FeedPage> {
  const { services, key } = c.var;
  const until = Date.now() + wait * 1_000;
  const asked = { ...place, teamId: key.teamId, types: types?.split(',') ?? null, userId: user_id ?? null, limit };
  for (let last: FeedEntryRef = place; ; ) {
    const page = await readFeed(services.feed, { ...asked, position: last.position, nonce: last.nonce });
    last = page.last;
    if (page.messages.length > 0 || page.hasMore) return page;
    if (!(await services.feed.watch.goesOn(key.teamId, last.position, until - Date.now(), c.req.raw.signal))) return page;
  }
}

async function orExpired<T>({ var: { services, key } }: Context<KeyEnv>, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FeedPositionExpired)) throw error;
    const { position, nonce } = error.oldest;
    throw cursorExpired(services.feedCursors.seal({ teamId: key.teamId, position, nonce, since: 0 }));
  }
}

/** Bodies as they lie there: nothing parses what is only passed on. */
const written = ({ messages, hasMore }: FeedPage, cursor: string): string =>
  `{"data":[${messages.map(writtenEvent).join(',')}],"cursor":${JSON.stringify(cursor)},"has_more":${hasMore}}`;

/** One of them. */
export const writtenEvent = ({ _id, type, createdAt, body }: MessageDoc): string =>
  `{"id":${JSON.stringify(_id)},"type":${JSON.stringify(type)},"created_at":"${instant(createdAt)}","body":${body}}`;
