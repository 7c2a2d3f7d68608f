import type { Home } from '../home/home';
import { approve } from './approve';
import type { ConnectedProvider, ContinuoApi } from './continuoApi';

export interface ConnectedPerson {
  readonly userId: string;
  readonly connection: ConnectedProvider;
  /** False: connected by an earlier start. */
  readonly isNew: boolean;
}

/** Our user for one simulated person, connected to their account, as an app would do it and as the person would. @throws Problem */
export async function connectPerson({ memory }: Home, api: ContinuoApi, person: string): Promise<ConnectedPerson> {
  const userId = memory.now.users[person] ?? (await api.user(`demo-${person}`));
  memory.change({ users: { ...memory.now.users, [person]: userId } });

  const connected = await api.provider(userId);
  if (connected && connected.status !== 'error') return { userId, connection: connected, isNew: false };

  await approve(await api.linkUrl(userId), person);
  const connection = await api.provider(userId);
  if (!connection) throw new Error('the person has approved and is not connected');
  return { userId, connection, isNew: true };
}
