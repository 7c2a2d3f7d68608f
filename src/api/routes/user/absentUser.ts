import type { ApiError } from '../../errors';
import { notFound } from '../../errors';
import type { Services } from '../../services';

/** Why a user cannot be changed (vital-api.md §2.3). */
export async function absentUser({ users }: Pick<Services, 'users'>, teamId: string, userId: string): Promise<ApiError> {
  const isDeleted = (await users.byIdEvenDeleted(teamId, userId)) !== null;
  return notFound(
    isDeleted
      ? 'The user has been scheduled for deletion as per your previous request'
      : 'The user does not or no longer exists in this team',
  );
}
