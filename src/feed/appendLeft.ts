import { appendMessages } from './appendMessages';
import type { Feed } from './feed';

const APPEND_FOR_MS = 20_000;
const AT_ONCE = 250;

/** The teams whose feed somebody has begun to read. */
export async function* teamsWithFeed({ entries }: Pick<Feed, 'entries'>): AsyncGenerator<string> {
  for (let team = await entries.nextTeam(''); team !== null; team = await entries.nextTeam(team)) yield team;
}

/** Appends what nobody has asked for yet, so that whoever was away finds it done. A feed that nobody reads costs nothing. @returns 0: nothing was broken */
export async function appendLeft(feed: Feed): Promise<number> {
  const until = Date.now() + APPEND_FOR_MS;
  for await (const teamId of teamsWithFeed(feed)) {
    while (Date.now() < until && (await appendMessages(feed, teamId, 0, AT_ONCE)));
  }
  return 0;
}
