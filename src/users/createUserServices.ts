import type { Db } from 'mongodb';
import type { ConnectServices } from '../connect/connectServices';
import { UserClaims } from '../storage/userClaims';
import type { UserErasures } from '../temporal/userErasures';
import { DELETION_GRACE_MS, type UserServices } from './userServices';

type Known = Pick<ConnectServices, 'users' | 'connections' | 'grants' | 'outbox' | 'teams' | 'workflows' | 'log'>;

export const createUserServices = (db: Db, known: Known, erasures: UserErasures): UserServices => ({
  ...known,
  userClaims: new UserClaims(db),
  erasures,
  deletionGraceMs: DELETION_GRACE_MS,
});
