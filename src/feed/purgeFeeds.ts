import { teamsWithFeed } from './appendLeft';
import { type Feed, keptSince } from './feed';
import { oldestKept } from './nextEntries';

/** Removes what is too old to be read, never a team's newest entry: the positions go on from there. @returns how many there were */
export async function purgeFeeds(feed: Feed): Promise<number> {
  let purged = 0;
  for await (const teamId of teamsWithFeed(feed)) {
    const newest = (await feed.entries.tail(teamId))?.position ?? 0;
    const oldest = await oldestKept(feed, teamId, 0, keptSince(feed));
    purged += await feed.entries.purge(teamId, Math.min(oldest, newest - 1));
  }
  return purged;
}
