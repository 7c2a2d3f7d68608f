import type { CallTurn } from '../dexcom/callGate';
import type { EgvAnswer } from '../dexcom/client';
import { DexcomError } from '../dexcom/errors';
import { latestInstant } from '../glucose/latestInstant';
import type { StoredReading } from '../glucose/reading';
import type { IngestionBounds, Window } from '../storage/connectionDoc';
import { type GrantDoc, tokenPlace } from '../storage/grants';
import type { Pull } from './beginPull';
import type { SyncDeps } from './deps';
import { asSyncFailure } from './dexcomFailure';
import { SyncFailure } from './syncFailure';
import { tellReauth } from './tellReauth';

interface Look {
  readonly grant: GrantDoc;
  readonly window: Window;
  readonly signal: AbortSignal;
}

/**
 * What Dexcom has of one window of a pull, exactly: its seconds are wider. Of what its person's bounds leave out nothing is asked or taken.
 * @throws SyncFailure `TokenExpired`, `AccountChanged`, `ClientRejected`, `RateLimited`, `BudgetSpent`, `DexcomUnavailable`; the signal's reason if it is aborted
 */
export async function fetchWindow(deps: SyncDeps, pull: Pull, { grant, signal, ...look }: Look): Promise<EgvAnswer> {
  const { connection, request } = pull;
  const window = withinBounds(look.window, connection.bounds);
  if (window.from >= window.to) return { userId: connection.dexcomUserId, readings: [], rejected: [] };

  const accessToken = deps.keyring.open(grant.accessToken, tokenPlace(grant._id, 'accessToken'));
  const answer = await deps.dexcom
    .clientFor({ teamId: grant.teamId, ...grant.issuer })
    .then((dexcom) => dexcom.egvs(accessToken, window, signal, turnOf(pull)))
    .catch((error: unknown) => {
      throw refusedYoung(error, grant, request.policy.youngTokenMs) ?? asSyncFailure(error);
    });
  if (answer.userId !== connection.dexcomUserId) throw await anotherAccount(deps, pull, grant);
  return { ...answer, readings: answer.readings.filter((reading) => isWithin(reading, window)) };
}

const isWithin = (reading: StoredReading, { from, to }: Window): boolean =>
  reading.at < to && (reading.at >= from || latestInstant(reading) >= from);

/** Of those who wait for new readings, whoever has waited longest goes first. */
const turnOf = ({ connection, request }: Pull): CallTurn =>
  request.purpose === 'backfill' ? { kind: 'history' } : { kind: 'live', since: connection.coveredUntil };

/** What of a window its person's bounds leave. */
const withinBounds = ({ from, to }: Window, bounds: IngestionBounds | undefined): Window => ({
  from: Math.max(from, bounds?.from ?? from),
  to: Math.min(to, bounds?.to ?? to),
});

/** A token refused right after it was issued is Dexcom's trouble: renewing it again would go on for ever. */
function refusedYoung(error: unknown, { accessTokenIssuedAt }: GrantDoc, youngTokenMs: number): SyncFailure | null {
  if (!(error instanceof DexcomError) || error.kind !== 'token_expired') return null;
  const leftMs = accessTokenIssuedAt + youngTokenMs - Date.now();
  return leftMs > 0 ? new SyncFailure('DexcomUnavailable', 'Dexcom refuses a token it has just issued', leftMs) : null;
}

async function anotherAccount(deps: SyncDeps, { connection }: Pull, grant: GrantDoc): Promise<SyncFailure> {
  const marked = await deps.grants.markNeedsReauth(grant, 'account_changed', Date.now());
  if (!marked) return new SyncFailure('DexcomUnavailable', 'the grant changed while it was used');
  await tellReauth(deps, connection, grant, 'account_changed');
  return new SyncFailure('AccountChanged', 'the grant answers for another Dexcom account');
}
