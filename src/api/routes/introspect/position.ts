import { z } from '@hono/zod-openapi';
import type { Cursors } from '../../../security/cursors';
import type { UserDoc, UserPosition } from '../../../storage/users';
import { Id, wholeNumber } from '../../contract';
import { invalid, notFound } from '../../errors';
import type { Services } from '../../services';

export const UserPositionShape: z.ZodType<UserPosition> = z.object({ createdAt: z.number(), _id: z.string() });

export type UserCursors = Cursors<UserPosition>;

export const IntrospectQuery = z.object({
  user_id: Id.optional(),
  provider: z.string().optional(),
  user_limit: wholeNumber(1, 200).default(50),
  next_cursor: z.string().optional(),
  cursor: z.string().optional().openapi({ deprecated: true }),
});

/** One page of users, newest first; the next one's cursor is null at the end. @throws ApiError 404, 422 */
export async function introspectedUsers(
  { users, userCursors }: Pick<Services, 'users' | 'userCursors'>,
  teamId: string,
  { user_id, user_limit, next_cursor, cursor }: z.infer<typeof IntrospectQuery>,
): Promise<{ readonly users: readonly UserDoc[]; readonly next: string | null }> {
  if (user_id !== undefined) {
    const user = await users.byId(teamId, user_id);
    if (!user) throw notFound();
    return { users: [user], next: null };
  }

  const found = await users.after(teamId, positionOf(userCursors, next_cursor ?? cursor), user_limit + 1);
  const page = found.slice(0, user_limit);
  const last = page.at(-1);
  const more = found.length > user_limit && last;
  return { users: page, next: more ? userCursors.seal({ createdAt: last.createdAt, _id: last._id }) : null };
}

function positionOf(cursors: UserCursors, cursor: string | undefined): UserPosition | null {
  if (cursor === undefined) return null;
  const position = cursors.open(cursor);
  if (!position) throw invalid({ type: 'value_error', loc: ['query', 'next_cursor'], msg: 'Not a cursor of this list', input: cursor });
  return position;
}
