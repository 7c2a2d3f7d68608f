import type { UserWord } from '../storage/connectionDoc';
import type { UserDoc } from '../storage/users';
import { boundsOf } from './bounds';

/** What a user says by now, for their connections to copy. */
export const wordOf = (user: UserDoc): UserWord => ({ clientUserId: user.clientUserId, bounds: boundsOf(user), userRev: user.rev });
