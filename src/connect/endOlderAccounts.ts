import { type ConnectServices, DEXCOM_SLUG } from './connectServices';
import { byConsent, type ConsentOf } from './consentOrder';

/** One consent of one person, and the connection it leads to. */
interface PersonsConsent {
  readonly teamId: string;
  readonly userId: string;
  readonly connectionId: string;
  readonly consentedAt: number;
}

/**
 * A person has one Dexcom account in use: the one consented to last. Disconnects all others, this one too if another is younger; their data
 * stays. Repeatable. @returns whether this consent was overtaken
 */
export async function endOlderAccounts(
  services: Pick<ConnectServices, 'connections' | 'grants' | 'workflows'>,
  { teamId, userId, connectionId, consentedAt }: PersonsConsent,
): Promise<boolean> {
  const accounts = (await services.connections.ofUser(teamId, userId)).filter(({ provider }) => provider === DEXCOM_SLUG);
  const others = accounts.filter(({ _id }) => _id !== connectionId);
  const youngest = others.reduce<ConsentOf>((a, b) => (byConsent(a, b) < 0 ? b : a), { _id: connectionId, consentedAt });
  const overtaken = youngest._id !== connectionId;

  for (const { _id } of overtaken ? accounts : others) {
    const ended = await services.connections.overtake(teamId, _id, youngest);
    if (ended) await services.workflows.tell(_id, 'disconnect');
  }
  // Whoever was at this consent before may have got as far as a grant, and no connection says so.
  if (overtaken) await services.grants.end({ _id: connectionId, teamId, consentedAt });
  return overtaken;
}
