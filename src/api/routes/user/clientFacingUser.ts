import type { ConnectionDoc } from '../../../storage/connections';
import type { UserDoc } from '../../../storage/users';
import { dexcomProvider } from '../../../webhooks/provider';
import { instant } from '../../instant';
import type { ClientFacingUser } from './schemas';

/** @param connections the user's, disconnected ones too: those do not show */
export function clientFacingUser(user: UserDoc, connections: readonly ConnectionDoc[]): ClientFacingUser {
  // Nothing changes a user yet, so what was given was given at the start.
  const given = { source_slug: 'manual', updated_at: instant(user.createdAt) } as const;
  return {
    user_id: user._id,
    team_id: user.teamId,
    client_user_id: user.clientUserId,
    created_on: instant(user.createdAt),
    connected_sources: connections
      .filter(({ desired }) => desired !== 'disconnected')
      .map(({ createdAt }) => ({ provider: dexcomProvider, source: dexcomProvider, created_on: instant(createdAt) })),
    fallback_time_zone: user.fallbackTimeZone === null ? null : { id: user.fallbackTimeZone, ...given },
    fallback_birth_date: user.fallbackBirthDate === null ? null : { value: user.fallbackBirthDate, ...given },
    ingestion_start: user.ingestionStart,
    ingestion_end: user.ingestionEnd,
  };
}
