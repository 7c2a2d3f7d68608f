import type { ConsumedStep, ExchangingStep, LinkSessionDoc } from '../storage/linkSessionDoc';
import type { LinkSessions } from '../storage/linkSessions';
import { outlastDatabase } from './outlastDatabase';

/**
 * Ends a session with the tokens its code brought. This process holds their only copy, so a database that is away is waited for as long as
 * the claim holds. @returns false if the claim is somebody else's by now: the tokens are of no use
 */
export async function consumeSession(
  linkSessions: LinkSessions,
  session: LinkSessionDoc,
  { nonce, leaseUntil }: ExchangingStep,
  step: ConsumedStep,
): Promise<boolean> {
  return outlastDatabase(leaseUntil, async () => {
    if (await linkSessions.consume(session, nonce, step)) return true;
    // An earlier try may have been stored though its answer never came.
    const { step: stored } = (await linkSessions.read(session)) ?? {};
    return stored?.kind === 'consumed' && stored.consentId === step.consentId;
  });
}
