import type { ConnectServices } from '../connect/connectServices';
import type { UserErasures } from '../temporal/userErasures';
import type { Directory } from './standing';

/** What deleting and changing a person needs; the API and `reconcile` have it both. */
export interface UserServices
  extends Pick<ConnectServices, 'connections' | 'grants' | 'outbox' | 'teams' | 'workflows' | 'log'>,
    Directory {
  readonly erasures: UserErasures;
  /** How long a deletion can be undone. */
  readonly deletionGraceMs: number;
}

/** vital-api.md §2.1: a week. */
export const DELETION_GRACE_MS = 7 * 86_400_000;
