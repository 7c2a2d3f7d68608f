import type { Home } from '../home/home';
import type { Memory } from '../home/memory';
import type { Receiver } from '../receiver/receiver';
import { createTeamAndKey } from './admin';
import { ContinuoApi } from './continuoApi';

type Team = NonNullable<Memory['team']>;
type Webhook = NonNullable<Memory['webhook']>;

/** The team and the key of earlier starts, or new ones where this database does not know them. */
export async function ourTeam(
  { memory }: Home,
  apiUrl: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ team: Team; api: ContinuoApi }> {
  const known = memory.now.team;
  if (known) {
    const api = new ContinuoApi(apiUrl, known);
    if (await api.knowsUs()) return { team: known, api };
  }
  const team = await createTeamAndKey(env, signal);
  memory.change({ team, webhook: null, redirectUrl: null, users: {} });
  return { team, api: new ContinuoApi(apiUrl, team) };
}

/** Our receiver as the team's endpoint; registered anew if it stands elsewhere than last time. */
export async function registerReceiver({ memory }: Home, api: ContinuoApi, { url }: Receiver): Promise<Webhook> {
  const known = memory.now.webhook;
  if (known?.url === url) return known;
  const webhook = await api.registerWebhook(url);
  memory.change({ webhook });
  if (known) await api.removeWebhook(known.id);
  return webhook;
}
