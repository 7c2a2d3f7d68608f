import type { ConnectionDoc } from '../storage/connectionDoc';
import { appOf } from './appOf';
import { type ConnectServices, DEXCOM_SLUG } from './connectServices';
import { byConsent, type ConsentOf } from './consentOrder';

/** One consent of one person, and the connection it leads to. */
type PersonsConsent = Pick<ConnectionDoc, '_id' | 'teamId' | 'userId' | 'consentedAt' | 'region' | 'clientId'>;

/** What a consent means for a person's other connections. */
export interface Succession {
  /** A younger consent stands: this one connects nobody. */
  readonly overtaken: boolean;
  /**
   * The person was connected by another Dexcom app since this connection was last consented to, or before there was one: what that app had is
   * perhaps what this one has, by other ids.
   */
  readonly appChanged: boolean;
}

/**
 * A person has one Dexcom account in use: the one consented to last. Disconnects all others, this one too if another is younger; their data
 * stays. Repeatable.
 */
export async function endOlderAccounts(
  services: Pick<ConnectServices, 'connections' | 'grants' | 'workflows'>,
  consent: PersonsConsent,
): Promise<Succession> {
  const { _id: connectionId, teamId, userId, consentedAt } = consent;
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

  const before = accounts.find(({ _id }) => _id === connectionId);
  const appChanged = others.some((other) => appOf(other) !== appOf(consent) && (!before || byConsent(other, before) > 0));
  return { overtaken, appChanged };
}
