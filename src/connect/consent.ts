import type { DexcomTokens } from '../dexcom/client';
import type { LinkSessionDoc, LinkTokens } from '../storage/linkSessions';
import type { ConnectServices } from './connectServices';
import { openSessionTokens } from './sessionTokens';

/** What a consumed session has brought and nobody has settled yet. */
export interface Consent {
  readonly session: LinkSessionDoc;
  readonly consentId: string;
  readonly consentedAt: number;
  readonly tokens: DexcomTokens;
  /** The same, as the session holds them. */
  readonly sealed: LinkTokens;
}

/** @returns null if the session has nothing (any more) to settle */
export function consentOf({ keyring }: Pick<ConnectServices, 'keyring'>, session: LinkSessionDoc | null): Consent | null {
  if (!session?.unfinished || session.step.kind !== 'consumed' || !session.step.tokens) return null;
  const { consentId, consentedAt, tokens } = session.step;
  return { session, consentId, consentedAt, tokens: openSessionTokens(keyring, session._id, tokens), sealed: tokens };
}
