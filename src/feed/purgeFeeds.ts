import { teamsWithFeed } from './appendLeft';
import { type Feed, keptSince } from './feed';
import { oldestKept } from './nextEntries';

/**
 * Removes what is too old to be read, but for the last such entry: whoever stands behind it misses nothing, and it must be there to show that.
 * So a team's newest entry always stays, and the positions go on from it. @returns how many there were
 */
export async function purgeFeeds(feed: Feed): Promise<number> {
  let purged = 0;
  for await (const teamId of teamsWithFeed(feed)) {
    const { position } = await oldestKept(feed, teamId, 0, keptSince(feed));
    purged += await feed.entries.purge(teamId, position - 1);
  }
  return purged;
}
