import { consentEndsAt } from '../../../life/consentEnd';
import type { ReauthReason } from '../../../life/lifeOf';
import { lifeOfConnection, reauthOf } from '../../../life/lifeOfConnection';
import { nextPoll } from '../../../life/nextPoll';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { GrantDoc } from '../../../storage/grants';
import { dexcomProvider } from '../../../webhooks/provider';
import { lastErrorOf } from '../../connectionFields';
import { instant, instantOrNull } from '../../instant';
import type { ConnectedProvider } from './providers';

/** Vital's words for what only the person can mend (vital-api.md §2.2). */
const ERRORS: Readonly<Record<ReauthReason, { readonly error_type: string; readonly error_message: string }>> = {
  revoked: {
    error_type: 'token_refresh_failed',
    error_message: 'Dexcom no longer accepts the grant: access was withdrawn, or it has expired',
  },
  rotation_lost: { error_type: 'token_refresh_failed', error_message: 'An answer that renewed the grant was lost on the way' },
  account_changed: { error_type: 'provider_credential_error', error_message: 'The grant answers for another Dexcom account' },
  grant_missing: { error_type: 'token_refresh_failed', error_message: 'There is no grant to go on with' },
};

/** How one connection is doing; what Vital does not know of stands in extra keys. */
export function connectionStatus(connection: ConnectionDoc, grant: GrantDoc | null): ConnectedProvider {
  const { desired } = connection;
  const ended = reauthOf(connection, grant);
  return {
    ...dexcomProvider,
    created_on: instant(connection.createdAt),
    status: ended ? 'error' : desired === 'running' ? 'connected' : 'paused',
    external_user_id: connection.dexcomUserId,
    error_details: ended && { ...ERRORS[ended.reason], errored_at: instant(ended.at ?? connection.lastPollAt ?? connection.consentedAt) },
    resource_availability: { glucose: { status: 'available', scope_requirements: scopeRequirements } },
    connection_id: connection._id,
    life: lifeFields(connection, grant),
    newest_reading: instantOrNull(connection.newestReadingAt),
    last_poll: instantOrNull(connection.lastPollAt),
    next_poll: instantOrNull(nextPoll(connection, grant, Date.now())),
    last_error: lastErrorOf(connection),
  };
}

/** The same words as on the workflow's page and in webhooks. */
function lifeFields(connection: ConnectionDoc, grant: GrantDoc | null): ConnectedProvider['life'] {
  const { state, reason, since, whatNext } = lifeOfConnection(connection, grant);
  const { silence = null, consentedAt } = connection;
  return {
    state,
    reason,
    since: instantOrNull(since),
    what_next: whatNext,
    silence: silence && {
      newest_reading: instantOrNull(silence.newestAt),
      noticed: instant(silence.noticedAt),
      cause: silence.cause,
    },
    consent_expires: instant(consentEndsAt(consentedAt)),
  };
}

/** Dexcom's consent is all or nothing (dexcom-api.md §1.2). */
const scopeRequirements = {
  user_granted: { required: ['offline_access'], optional: [] },
  user_denied: { required: [], optional: [] },
};
