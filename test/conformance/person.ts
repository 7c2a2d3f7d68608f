import { approve } from '../../local/demo/approve';
import type { Engine } from '../engine/engine';
import { eventually } from '../engine/eventually';

/** A user of ours whose simulated Dexcom account is connected and read. */
export interface Person {
  readonly teamId: string;
  readonly userId: string;
  readonly clientUserId: string;
  readonly deviceId: string;
  /** A day of theirs with readings, `yyyy-mm-dd`. */
  readonly day: string;
}

export const newLinkToken = async ({ call }: Engine, userId: string): Promise<string> =>
  (await call<{ link_token: string }>('POST', '/v2/link/token', { user_id: userId, provider: 'dexcom_v3' })).link_token;

export async function newUser({ call }: Engine, clientUserId: string): Promise<string> {
  return (await call<{ user_id: string }>('POST', '/v2/user', { client_user_id: clientUserId })).user_id;
}

/** Connects the simulator's person and waits until the history is there. */
export async function connected(engine: Engine, clientUserId: string): Promise<Person> {
  const userId = await newUser(engine, clientUserId);
  await approve(await engine.linkUrl(userId), engine.simulator.person);
  const deviceId = await eventually(async () => {
    const [device] = await engine.call<{ id: string }[]>('GET', `/v2/user/${userId}/device`);
    if (!device) throw new Error('no reading has come yet');
    return device.id;
  });
  return { teamId: engine.teamId, userId, clientUserId, deviceId, day: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10) };
}
