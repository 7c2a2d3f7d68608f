import { nameUuid } from '../security/nameUuid';
import type { Asked, LinkSessionDoc } from '../storage/linkSessionDoc';
import type { ConnectServices } from './connectServices';

const LINKS = '3d5a7c90e2b14f68a1c7f0b59e36d284';

/** vital-api.md §3.1: sixty minutes, once. */
const LINK_TOKEN_MS = 60 * 60_000;
/** Longer than the official clients take over their three tries, each waited for a minute, and as long again between them (vital-api.md §1.5). */
const ASKED_AGAIN_MS = 5 * 60_000;

type Wanted = Pick<LinkSessionDoc, 'teamId' | 'userId' | 'provider' | 'region' | 'filterOnProviders' | 'redirectUrl' | 'onClose'>;

/**
 * Begins one attempt to connect a person. Asked again with the same words, as clients do that saw no answer, it is the same attempt for some
 * minutes, if nobody has come back with a code: one session, however many ask, whenever each gets through.
 * @returns a link token, which is all that the browser will show of it
 */
export async function openLinkSession(
  { linkSessions, linkTokens, dexcom }: Pick<ConnectServices, 'linkSessions' | 'linkTokens' | 'dexcom'>,
  wanted: Wanted,
): Promise<string> {
  const { teamId, userId } = wanted;
  const key = keyOf(wanted);
  const { region, clientId } = await dexcom.clientFor({ teamId, region: wanted.region ?? undefined });

  for (;;) {
    const latest = await linkSessions.latestAsked(wanted, key);
    const now = Date.now();
    const expiresAt = now + LINK_TOKEN_MS;
    const same = latest && isUntouched(latest, now) ? latest : null;
    const asked = { key, turn: (latest?.asked?.turn ?? 0) + 1 };
    const session = same ?? newSession(wanted, { asked, app: { region, clientId }, createdAt: now, expiresAt });
    const linkToken = await linkTokens.issue({ sessionId: session._id, teamId, userId, expiresAt, path: {} });
    // Last: whoever asks again after an error has left no session behind. False: somebody else was quicker, so look again.
    if (same ? await linkSessions.prolong(same, expiresAt) : await linkSessions.insert(session)) return linkToken;
  }
}

const isUntouched = ({ step, spentCodeHashes, createdAt, expiresAt }: LinkSessionDoc, now: number): boolean =>
  step.kind === 'open' && spentCodeHashes.length === 0 && now < expiresAt && now - createdAt < ASKED_AGAIN_MS;

const newSession = (
  wanted: Wanted,
  known: { readonly asked: Asked } & Required<Pick<LinkSessionDoc, 'app' | 'createdAt' | 'expiresAt'>>,
): LinkSessionDoc => ({
  ...wanted,
  ...known,
  _id: nameUuid(LINKS, [known.asked.key, String(known.asked.turn)]),
  spentCodeHashes: [],
  step: { kind: 'open' },
  unfinished: false,
});

const keyOf = ({ teamId, userId, provider, region, filterOnProviders, redirectUrl, onClose }: Wanted): string =>
  nameUuid(LINKS, [teamId, userId, provider, region ?? null, JSON.stringify(filterOnProviders), redirectUrl, onClose]);
