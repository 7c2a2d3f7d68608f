import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { UserDoc } from '../../../storage/users';
import { dexcomProvider } from '../../../webhooks/provider';
import { instant } from '../../instant';
import type { ClientFacingUser } from './schemas';

/** @param connections the user's, disconnected ones too: those do not show */
export function clientFacingUser(user: UserDoc, connections: readonly ConnectionDoc[]): ClientFacingUser {
  const given = (at: number | null) => ({ source_slug: 'manual', updated_at: instant(at ?? user.createdAt) }) as const;
  return {
    user_id: user._id,
    team_id: user.teamId,
    client_user_id: user.clientUserId,
    created_on: instant(user.createdAt),
    connected_sources: connections
      .filter(({ desired }) => desired !== 'disconnected')
      .map(({ createdAt }) => ({ provider: dexcomProvider, source: dexcomProvider, created_on: instant(createdAt) })),
    fallback_time_zone: user.fallbackTimeZone === null ? null : { id: user.fallbackTimeZone, ...given(user.fallbackTimeZoneUpdatedAt) },
    fallback_birth_date:
      user.fallbackBirthDate === null ? null : { value: user.fallbackBirthDate, ...given(user.fallbackBirthDateUpdatedAt) },
    ingestion_start: user.ingestionStart,
    ingestion_end: user.ingestionEnd,
  };
}
