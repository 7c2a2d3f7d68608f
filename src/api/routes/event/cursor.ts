import type { Context } from 'hono';
import type { FeedPlace } from '../../../storage/feedConsumers';
import { invalid } from '../../errors';
import type { KeyEnv } from '../../security/teamKey';

/** Where a cursor of the team's feed stands. @param loc where it was given @throws ApiError 422 for any other */
export function feedPlace({ var: { services, key } }: Context<KeyEnv>, cursor: string, loc: readonly string[]): FeedPlace {
  const opened = services.feedCursors.open(cursor);
  if (opened?.teamId !== key.teamId) throw invalid({ type: 'value_error', loc, msg: 'Not a cursor of this feed', input: cursor });
  return { position: opened.position, nonce: opened.nonce, since: opened.since };
}
