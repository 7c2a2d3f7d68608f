import { daysToRead } from '../glucose/merge';
import type { Window } from '../storage/connectionDoc';
import type { GlucoseDay } from '../storage/glucoseDays';
import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import { publishDay } from './publishNews';
import { SyncFailure } from './syncFailure';

/**
 * The days that a merge of `window` must be given. One met with unpublished news is published and read again, so that one version has one
 * content.
 * @throws SyncFailure `Superseded`
 */
export async function readPublished(deps: SyncDeps, { connection, pullSeq }: Pull, window: Window): Promise<GlucoseDay[]> {
  const ids = daysToRead(connection._id, window);
  for (;;) {
    const days = await deps.glucoseDays.read(connection.teamId, ids);
    if (days.some((day) => day.pullSeq > pullSeq)) throw new SyncFailure('Superseded', 'a younger pull has fenced these days');
    const news = days.filter(({ unpublished }) => unpublished);
    if (news.length === 0) return days;
    for (const day of news) await publishDay(deps, connection, day);
  }
}
