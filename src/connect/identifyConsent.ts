import type { CallTurn } from '../dexcom/callGate';
import { DexcomError } from '../dexcom/errors';
import type { ConsentedAccount } from '../storage/linkSessionDoc';
import type { ConnectServices } from './connectServices';
import { type Consent, consentOf, type IdentifiedConsent, type UnidentifiedConsent } from './consent';
import { renewSessionTokens } from './renewSessionTokens';
import { openSessionTokens } from './sessionTokens';

/** A consent that Dexcom refuses for this long is given up. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
/** One that finds the access token run out, one with the renewed tokens, one more because somebody else was at it at the same time. */
const MOST_ASKS = 3;

/**
 * Asks Dexcom whose account a consent opened, and writes that into the session, once: from then on the tokens may stand in a grant and be
 * rotated there, so nobody asks with the session's or renews them again, however late the next repair comes.
 * @param turn whether somebody waits for it
 * @returns null if there is nothing left to settle: given up because Dexcom has refused it for a day, or settled by somebody else
 * @throws DexcomError: try again later
 */
export async function identifyConsent(services: ConnectServices, found: Consent, turn: CallTurn): Promise<IdentifiedConsent | null> {
  const { linkSessions, linkConsents } = services;
  let consent: Consent | null = found;
  let renewed = false;
  for (let asks = 0; consent && consent.account === null; asks++) {
    if (asks === MOST_ASKS) throw new Error(`somebody else is renewing the tokens of link session ${consent.session._id}`);
    try {
      const account = await accountOf(services, consent, { renewed, turn });
      if (account) await linkConsents.recordAccount(consent.session, consent.tokens, account);
      else renewed = true;
    } catch (error) {
      if (!isLasting(error, consent) || !(await linkConsents.giveUp(consent.session, consent.tokens))) throw error;
    }
    consent = consentOf(await linkSessions.load(consent.session._id));
  }
  return consent;
}

/** @returns null if the access token had run out and the tokens were renewed: ask again with what the session holds now */
async function accountOf(
  services: ConnectServices,
  consent: UnidentifiedConsent,
  { renewed, turn }: { readonly renewed: boolean; readonly turn: CallTurn },
): Promise<ConsentedAccount | null> {
  const { accessToken } = openSessionTokens(services.keyring, consent.session._id, consent.tokens);
  try {
    const dexcom = await services.dexcom.clientFor({ teamId: consent.session.teamId, ...consent.issuer });
    const { userId, egvs } = await dexcom.dataRange(accessToken, undefined, turn);
    return { dexcomUserId: userId, offeredFrom: egvs?.start ?? null };
  } catch (error) {
    if (renewed || !isRefused(error, 'token_expired')) throw error;
  }
  await renewSessionTokens(services, consent);
  return null;
}

const isLasting = (error: unknown, { consentedAt }: UnidentifiedConsent): boolean =>
  (isRefused(error, 'invalid_grant') || isRefused(error, 'token_expired')) && Date.now() - consentedAt > GIVE_UP_AFTER_MS;

const isRefused = (error: unknown, kind: DexcomError['kind']): boolean => error instanceof DexcomError && error.kind === kind;
