import type { Db } from 'mongodb';
import type { ConnectServices } from '../connect/connectServices';
import { UserClaims } from '../storage/userClaims';
import type { UserErasures } from '../temporal/userErasures';
import { DELETION_GRACE_MS, type UserServices } from './userServices';

export const createUserServices = (
  db: Db,
  {
    users,
    connections,
    grants,
    outbox,
    teams,
    workflows,
    log,
  }: Pick<ConnectServices, 'users' | 'connections' | 'grants' | 'outbox' | 'teams' | 'workflows' | 'log'>,
  erasures: UserErasures,
): UserServices => ({
  users,
  userClaims: new UserClaims(db),
  connections,
  grants,
  outbox,
  teams,
  workflows,
  log,
  erasures,
  deletionGraceMs: DELETION_GRACE_MS,
});
