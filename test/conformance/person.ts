import { approve } from '../../local/demo/approve';
import { userIdOf } from '../../simulator/data/recordId';
import type { LedgerReading } from '../../simulator/ledger/ledgerReading';
import type { Engine } from '../engine/engine';
import { eventually } from '../engine/eventually';
import { visible } from '../engine/judge';

/** A user of ours whose simulated Dexcom account is connected and read. */
export interface Person {
  readonly teamId: string;
  readonly userId: string;
  readonly clientUserId: string;
  readonly deviceId: string;
  /** As Dexcom calls them. */
  readonly accountId: string;
  /** A day of theirs with readings, `yyyy-mm-dd`. */
  readonly day: string;
  /** What Dexcom's ledger says was visible when they were connected, oldest first. */
  readonly history: readonly LedgerReading[];
}

export const newLinkToken = async ({ call }: Engine, userId: string): Promise<string> =>
  (await call<{ link_token: string }>('POST', '/v2/link/token', { user_id: userId, provider: 'dexcom_v3' })).link_token;

export async function newUser({ call }: Engine, clientUserId: string): Promise<string> {
  return (await call<{ user_id: string }>('POST', '/v2/user', { client_user_id: clientUserId })).user_id;
}

/** Connects the simulator's person and waits until the history is there. */
export async function connected(engine: Engine, clientUserId: string): Promise<Person> {
  const { simulator, teamId } = engine;
  const userId = await newUser(engine, clientUserId);
  const history = await visible(engine, simulator.person, Date.now());
  await approve(await engine.linkUrl(userId), simulator.person);
  await eventually(async () => {
    const { data } = await engine.call<Pulls>('GET', `/v2/introspect/historical_pull?user_id=${userId}`);
    expect(data[0]?.provider.dexcom_v3.pulled.glucose.status).toBe('success');
  });
  const [device] = await engine.call<{ id: string }[]>('GET', `/v2/user/${userId}/device`);
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const accountId = userIdOf(simulator.clientId, simulator.person, null);
  return { teamId, userId, clientUserId, deviceId: device?.id ?? '', accountId, day, history };
}

interface Pulls {
  readonly data: readonly {
    readonly provider: { readonly dexcom_v3: { readonly pulled: { readonly glucose: { readonly status: string } } } };
  }[];
}
