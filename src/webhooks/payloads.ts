import { type MeasuredReading, toSample } from '../glucose/sample';
import type { Life, ReauthReason } from '../life/lifeOf';
import type { ConnectionDoc, Silence } from '../storage/connectionDoc';
import { DEXCOM_SOURCE_ID, dexcomProvider } from './provider';

/** Whom an event is about. */
export type EventSubject = Pick<ConnectionDoc, '_id' | 'teamId' | 'userId' | 'clientUserId'>;

/** An event before it is a message. `body` is what is signed and sent, in the shapes of vital-api.md §6.3; what is ours stands in extra keys. */
export interface EventBody {
  readonly type: string;
  readonly body: string;
}

/** A consent has been settled. `reconnected` tells the first from the later ones. */
export function connectionCreated(connection: EventSubject & Pick<ConnectionDoc, 'dexcomUserId' | 'liveFrom' | 'consentedAt'>): EventBody {
  return event('provider.connection.created', connection, {
    provider: dexcomProvider,
    // Deprecated, and still required by every published parser (vital-api.md §11.4).
    source: dexcomProvider,
    external_user_id: connection.dexcomUserId,
    resource_availability: { glucose: available },
    reconnected: connection.consentedAt > connection.liveFrom,
  });
}

/** The connection needs its person: nothing more comes until they consent again. `reason` is ours, `error_type` Vital's. */
export function connectionError(connection: EventSubject, reason: ReauthReason): EventBody {
  return event('provider.connection.error', connection, {
    provider: dexcomProvider.slug,
    message: 'The connection has ended. Please reconnect device',
    error_type: reason === 'account_changed' ? 'provider_credential_error' : 'token_refresh_failed',
    error_details: reauthDetails[reason],
    reason,
  });
}

/** What was told as an error, or as a silence, is over without a new consent. */
export function connectionRecovered(connection: EventSubject, life: Life, after: Recovery): EventBody {
  return event('provider.connection.recovered', connection, { provider: dexcomProvider.slug, ...lifeFields(life), after });
}

/** What a recovery is from. */
export type Recovery = 'error' | 'silence';

/** Nothing has come for longer than this person's habit. */
export function connectionStale(connection: EventSubject, life: Life, { newestAt, noticedAt, cause }: Silence): EventBody {
  return event('provider.connection.stale', connection, {
    provider: dexcomProvider.slug,
    ...lifeFields(life),
    cause,
    newest_reading: newestAt === null ? null : instant(newestAt),
    noticed: instant(noticedAt),
  });
}

/** It was disconnected by request, or with its user; its readings stay until those are erased. */
export function connectionDisconnected(connection: EventSubject, life: Life): EventBody {
  return event('provider.connection.disconnected', connection, { provider: dexcomProvider.slug, ...lifeFields(life) });
}

/** Unless the person consents again, nothing will come after `expiresAt`, Unix milliseconds. */
export function connectionExpiring(connection: EventSubject, life: Life, expiresAt: number, daysLeft: number): EventBody {
  return event('provider.connection.expiring', connection, {
    provider: dexcomProvider.slug,
    ...lifeFields(life),
    what_next: 'Send the person through Link again before it expires',
    expires_at: instant(expiresAt),
    days_left: daysLeft,
  });
}

/** All that Dexcom had of `[from, to)`, Unix milliseconds, has been read and can be asked for. Carries no readings. */
export function historicalCompleted(connection: EventSubject, { from, to }: { readonly from: number; readonly to: number }): EventBody {
  return event('historical.data.glucose.created', connection, {
    start_date: instant(from),
    end_date: instant(to),
    is_final: true,
    provider: dexcomProvider.slug,
  });
}

/** Readings seen for the first time, or whose value has changed since: at most `READINGS_PER_MESSAGE`, oldest first. */
export function dailyGlucose(change: 'created' | 'updated', connection: EventSubject, readings: readonly MeasuredReading[]): EventBody {
  return event(`daily.data.glucose.${change}`, connection, {
    source_id: DEXCOM_SOURCE_ID,
    provider: dexcomProvider,
    source: { provider: dexcomProvider.slug, type: 'unknown', app_id: null, device_id: null, ...dexcomProvider },
    data: readings.map(toSample),
  });
}

const lifeFields = ({ state, reason, since, whatNext }: Life) => ({
  state,
  reason,
  since: since === null ? null : instant(since),
  what_next: whatNext,
});

function event(type: string, { _id, teamId, userId, clientUserId }: EventSubject, data: object): EventBody {
  const envelope = {
    event_type: type,
    user_id: userId,
    client_user_id: clientUserId,
    team_id: teamId,
    data: { user_id: userId, ...data, connection_id: _id },
  };
  return { type, body: JSON.stringify(envelope) };
}

const available = {
  status: 'available',
  scope_requirements: { user_granted: { required: ['offline_access'], optional: [] }, user_denied: { required: [], optional: [] } },
};

const reauthDetails: Readonly<Record<ReauthReason, string>> = {
  revoked: 'Dexcom no longer accepts the grant: access was withdrawn, or it has expired',
  rotation_lost: 'Dexcom no longer accepts the grant: an answer that renewed it was lost on the way',
  account_changed: 'The grant answers for another Dexcom account than the one connected',
  grant_missing: 'There is no grant to go on with',
};

/** UTC, to the second, as Vital writes it. */
export const instant = (unixMs: number): string => `${new Date(unixMs).toISOString().slice(0, 19)}+00:00`;
