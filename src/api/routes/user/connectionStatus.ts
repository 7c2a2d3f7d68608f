import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { GrantDoc, NeedsReauthReason } from '../../../storage/grants';
import { dexcomProvider } from '../../../webhooks/provider';
import { lastErrorOf, nextPollOf } from '../../connectionFields';
import { instant, instantOrNull } from '../../instant';
import type { ConnectedProvider } from './providers';

/** Vital's words for what only the person can mend (vital-api.md §2.2). */
const ERRORS: Readonly<Record<NeedsReauthReason, { readonly error_type: string; readonly error_message: string }>> = {
  revoked: {
    error_type: 'token_refresh_failed',
    error_message: 'Dexcom no longer accepts the grant: access was withdrawn, or it has expired',
  },
  rotation_lost: { error_type: 'token_refresh_failed', error_message: 'An answer that renewed the grant was lost on the way' },
  account_changed: { error_type: 'provider_credential_error', error_message: 'The grant answers for another Dexcom account' },
};

/** How one connection is doing; what Vital does not know of stands in extra keys. */
export function connectionStatus(connection: ConnectionDoc, grant: GrantDoc | null): ConnectedProvider {
  const { desired } = connection;
  const ended = grant?.needsReauth ?? null;
  return {
    ...dexcomProvider,
    created_on: instant(connection.createdAt),
    status: ended ? 'error' : desired === 'running' ? 'connected' : 'paused',
    external_user_id: connection.dexcomUserId,
    error_details: ended && { ...ERRORS[ended.reason], errored_at: instant(ended.at) },
    resource_availability: { glucose: { status: 'available', scope_requirements: scopeRequirements } },
    connection_id: connection._id,
    newest_reading: instantOrNull(connection.newestReadingAt),
    last_poll: instantOrNull(connection.lastPollAt),
    next_poll: ended ? null : nextPollOf(connection),
    last_error: lastErrorOf(connection),
  };
}

/** Dexcom's consent is all or nothing (dexcom-api.md §1.2). */
const scopeRequirements = {
  user_granted: { required: ['offline_access'], optional: [] },
  user_denied: { required: [], optional: [] },
};
