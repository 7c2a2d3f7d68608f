import { Context } from '@temporalio/activity';
import type { Logger } from '../log';
import { deletionOf, eraseData, eraseUser } from '../users/eraseUser';
import type { ErasureDeps } from '../users/erasureDeps';
import { asActivityFailure } from './activityFailure';

interface User {
  readonly userId: string;
  readonly teamId: string;
}

/** The activities of `eraseUser`: ids and instants only. */
export interface ErasureActivities {
  /** When the user is to be erased, Unix milliseconds, and what they had connected; null if they are not deleted, or are gone. */
  deletionOf(user: User): Promise<{ readonly eraseAt: number; readonly connectionIds: readonly string[] } | null>;
  /** Erases a user whose grace is over, for good and repeatably. @returns false if they were brought back */
  eraseUser(user: User): Promise<boolean>;
  /** Erases what was written under these ids after that. */
  eraseLeft(user: User & { readonly connectionIds: readonly string[] }): Promise<void>;
}

export function createErasureActivities(deps: ErasureDeps, log: Logger): ErasureActivities {
  const failing = async <Result>({ userId }: User, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw asActivityFailure(error, log.child({ userId }));
    }
  };

  return {
    deletionOf: (user) => failing(user, () => deletionOf(deps, user)),
    eraseUser: (user) => failing(user, () => eraseUser(deps, user, Context.current().cancellationSignal)),
    eraseLeft: (user) => failing(user, () => eraseData(deps, user, Context.current().cancellationSignal)),
  };
}
