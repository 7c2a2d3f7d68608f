import type { DesiredState, EndReason } from '../storage/connectionDoc';
import type { NeedsReauthReason } from '../storage/grants';

export type LifeState = 'connected' | 'error' | 'needs_reauth' | 'paused' | 'disconnected';

/** Why a person must consent again. */
export type ReauthReason =
  | NeedsReauthReason
  /** There is no grant to go on with: somebody has removed it, or restored half of a backup. */
  | 'grant_missing';

/** The state of a connection's life, as the API, the Temporal UI and webhooks tell it. */
export interface Life {
  readonly state: LifeState;
  /** Null while all is well. */
  readonly reason: string | null;
  /** Unix milliseconds; null where nobody has noted it. */
  readonly since: number | null;
  readonly whatNext: string;
}

/** All that a life is derived from; each of its tellers knows as much. Instants are Unix milliseconds. */
export interface LifeFacts {
  readonly desired: DesiredState;
  readonly desiredSince: number | null;
  readonly ended: EndReason | null;
  readonly reauth: { readonly reason: ReauthReason; readonly at: number | null } | null;
  /** Type of the failure that lasts (docs/errors.md) and when it began. */
  readonly error: { readonly type: string; readonly since: number | null } | null;
  readonly connectedSince: number | null;
}

/** What the person must do goes before what somebody wished, and that before what mends itself. Pure and total. */
export function lifeOf({ desired, desiredSince, ended, reauth, error, connectedSince }: LifeFacts): Life {
  // What ended by itself is shown as paused (vital-api.md §2.2).
  if (desired === 'disconnected' && ended === 'ingestion_end')
    return { state: 'paused', reason: ended, since: desiredSince, whatNext: AFTER_INGESTION };
  if (desired === 'disconnected')
    return { state: 'disconnected', reason: ended ?? 'request', since: desiredSince, whatNext: 'Only a new link brings it back' };
  if (reauth) return { state: 'needs_reauth', reason: reauth.reason, since: reauth.at, whatNext: 'Send the person through Link again' };
  if (desired === 'paused') return { state: 'paused', reason: 'request', since: desiredSince, whatNext: 'Resume it to go on' };
  if (error) return { state: 'error', reason: error.type, since: error.since, whatNext: afterError(error.type) };
  return { state: 'connected', reason: null, since: connectedSince, whatNext: 'Nothing: new readings come by themselves' };
}

const AFTER_INGESTION = 'Its ingestion is over: change the user’s `ingestion_end`, then send the person through Link again';

/** Whether a failure says that the grant was refused, and is tried on for a day. */
export const isRefusedGrant = (type: string): boolean => type === 'revoked' || type === 'rotation_lost';

function afterError(type: string): string {
  if (type === 'ClientRejected') return 'Check the credentials of the Dexcom app; it is tried again by itself';
  if (isRefusedGrant(type)) return 'It is tried on for about a day; the person can link again at once';
  return 'Nothing: it is tried again by itself';
}
