import { createHash } from 'node:crypto';
import type { RefreshResult } from '../activities';
import type { DexcomClient } from '../dexcom/client';
import type { ConnectionDoc } from '../storage/connectionDoc';
import { type GrantDoc, type GrantRev, type RefreshIntent, tokenPlace } from '../storage/grants';
import { currentGrant } from './currentGrant';
import type { SyncDeps } from './deps';
import { asSyncFailure, isRefusal, tellsWhetherSpent } from './dexcomFailure';
import { storeRotation } from './storeRotation';
import { SyncFailure } from './syncFailure';
import { tellReauth } from './tellReauth';

export interface RefreshRequest {
  readonly connectionId: string;
  readonly step: 'spend' | 'reread' | 'confirm';
  /** Sends that would follow a refusal; at 0 a refused one marks the grant. */
  readonly attemptsLeft: number;
  /** Of the access token the caller knows. */
  readonly knownExpiresAt?: number | undefined;
  /** Unix milliseconds. A sending that has not begun by then does not begin. */
  readonly sendBefore: number;
  /** For how long an answer is waited for, from its sending on; `ANSWER_WITHIN_MS` where left out. */
  readonly answerWithinMs?: number;
}

interface Attempt {
  readonly request: RefreshRequest;
  readonly connection: ConnectionDoc;
  /** As this attempt read it. */
  readonly grant: GrantDoc;
}

/** Longer than Dexcom ever takes: an answer given up on is a rotation lost. */
const ANSWER_WITHIN_MS = 40_000;

/**
 * Spends the refresh token for the next pair (design §2; test/models/grant). Safe to kill at any point, to repeat, and to overlap with itself
 * and with a new consent: every write names the consent and the `rev` it read. The intent recorded before sending tells afterwards whether a
 * refusal may be our own doing.
 * @throws SyncFailure `NeedsReauth`, `RateLimited`, `BudgetSpent`, `DexcomUnavailable`, `ClientRejected`, `NotWanted`
 */
export async function refreshGrant(deps: SyncDeps, request: RefreshRequest): Promise<RefreshResult> {
  const connection = await deps.connections.load(request.connectionId);
  if (!connection || connection.desired === 'disconnected') throw new SyncFailure('NotWanted', 'the connection has ended');
  const grant = await currentGrant(deps, connection);
  if (request.knownExpiresAt !== undefined && request.knownExpiresAt !== grant.accessTokenExpiresAt) return refreshed(grant);

  const attempt = { request, connection, grant };
  return request.step === 'spend' ? spend(deps, attempt) : lookAgain(deps, attempt);
}

async function spend(deps: SyncDeps, attempt: Attempt): Promise<RefreshResult> {
  const { grant, request, connection } = attempt;
  const dexcom = await issuerOf(deps, grant);
  const refreshToken = openRefreshToken(deps, grant);
  const intent = intentToSend(grant, refreshToken);
  let isBegun = false;
  const waiting = new AbortController();
  const begin = async (): Promise<void> => {
    await beginSending(deps, attempt, intent);
    isBegun = true;
    // Whatever came before took nothing of the answer's time.
    const inTime = AbortSignal.timeout(request.answerWithinMs ?? ANSWER_WITHIN_MS);
    inTime.addEventListener('abort', () => waiting.abort(inTime.reason), { once: true });
  };

  try {
    const tokens = await dexcom.refresh(refreshToken, waiting.signal, begin);
    await storeRotation(deps, grant, tokens);
  } catch (error) {
    if (error instanceof Overtaken) return refreshGrant(deps, { ...request, knownExpiresAt: grant.accessTokenExpiresAt });
    if (isBegun && tellsWhetherSpent(error)) await deps.grants.strikeIntent(grant, intent);
    if (isRefusal(error)) return refused(deps, attempt);
    throw asSyncFailure(error);
  }
  return refreshed(await currentGrant(deps, connection));
}

/** Not as read: a new consent, a rotation, or another attempt's intent. Each is a step of somebody else's, so this one ends. */
class Overtaken extends Error {}

/** What stands between the two may fail or last: nothing but the sending comes after the intent. */
async function beginSending({ grants }: SyncDeps, { grant, request }: Attempt, intent: RefreshIntent): Promise<void> {
  if (!(await grants.recordIntent(grant, intent))) throw new Overtaken('the grant is not as it was read');
  if (Date.now() < request.sendBefore) return;

  await grants.strikeIntent(grant, intent);
  throw new SyncFailure('DexcomUnavailable', 'it is too late to begin: the next attempt sends');
}

/** Asked before the intent is recorded: an app that is not configured has sent nothing. */
const issuerOf = (deps: SyncDeps, { teamId, issuer }: GrantDoc): Promise<DexcomClient> =>
  deps.dexcom.clientFor({ teamId, ...issuer }).catch((error: unknown) => {
    throw asSyncFailure(error);
  });

/** `invalid_grant`. Not the last word if somebody else has put other tokens there meanwhile. */
async function refused(deps: SyncDeps, { request, connection, grant }: Attempt): Promise<RefreshResult> {
  const latest = await currentGrant(deps, connection);
  if (!isSame(latest, grant)) return refreshed(latest);

  const reason = reasonOf(latest);
  if (request.attemptsLeft > 0) return { kind: 'refused', reason };
  if (!(await deps.grants.markNeedsReauth(grant, reason, Date.now()))) return refreshed(await currentGrant(deps, connection));
  await tellReauth(deps, connection, grant, reason);
  return { kind: 'refused', reason };
}

/** Whether the grant still is the one that was refused. Sends nothing. */
async function lookAgain(deps: SyncDeps, { request, connection, grant }: Attempt): Promise<RefreshResult> {
  if (grant.intent?.tokenHash !== hashOf(openRefreshToken(deps, grant))) return refreshed(grant);
  const reason = reasonOf(grant);
  if (request.step === 'confirm') await tellReauth(deps, connection, grant, reason);
  return { kind: 'refused', reason };
}

function intentToSend({ intent: standing }: GrantDoc, refreshToken: string): RefreshIntent {
  const tokenHash = hashOf(refreshToken);
  const earlierUnanswered = standing?.tokenHash === tokenHash && (standing.unanswered || standing.earlierUnanswered);
  return { tokenHash, at: Date.now(), unanswered: true, earlierUnanswered };
}

/** A label: attempts that overlap may each take the other's sending for a lost one. */
const reasonOf = ({ intent }: GrantDoc): 'rotation_lost' | 'revoked' =>
  intent?.unanswered || intent?.earlierUnanswered ? 'rotation_lost' : 'revoked';

const isSame = (one: GrantRev, other: GrantRev): boolean => one.consentId === other.consentId && one.rev === other.rev;

const openRefreshToken = ({ keyring }: SyncDeps, { _id, refreshToken }: GrantDoc): string =>
  keyring.open(refreshToken, tokenPlace(_id, 'refreshToken'));

const hashOf = (refreshToken: string): string => createHash('sha256').update(refreshToken).digest('hex');

const refreshed = ({ accessTokenExpiresAt }: GrantDoc): RefreshResult => ({ kind: 'refreshed', accessTokenExpiresAt });
