import type { GrantIssuer } from '../dexcom/registration';
import type { ConsentedAccount, LinkSessionDoc, LinkTokens } from '../storage/linkSessionDoc';

/** What a consumed session has brought and nobody has settled yet. */
export type Consent = UnidentifiedConsent | IdentifiedConsent;

interface Consented {
  readonly session: LinkSessionDoc;
  readonly consentId: string;
  readonly consentedAt: number;
  readonly issuer: GrantIssuer | undefined;
}

/** Its tokens are the session's alone, to be renewed there. */
export interface UnidentifiedConsent extends Consented {
  readonly account: null;
  readonly tokens: LinkTokens;
}

/** Its tokens are on their way to the grant, or there already (null) and perhaps rotated since: whoever holds these does not renew them. */
export interface IdentifiedConsent extends Consented {
  readonly account: ConsentedAccount;
  readonly tokens: LinkTokens | null;
}

/** @returns null if the session has nothing (any more) to settle */
export function consentOf(session: LinkSessionDoc | null): Consent | null {
  if (!session?.unfinished || session.step.kind !== 'consumed') return null;
  const { consentId, consentedAt, issuer, tokens, account } = session.step;
  if (account) return { session, consentId, consentedAt, issuer, account, tokens };
  return tokens && { session, consentId, consentedAt, issuer, account: null, tokens };
}
