import type { Collection, Db } from 'mongodb';
import { insertOnce } from './insertOnce';

/** When a user was refreshed lately: as many instants as are allowed at most, those of the last hour among them. */
export interface RefreshLimitDoc {
  /** `<teamId>:<userId>` */
  readonly _id: string;
  readonly teamId: string;
  /** Raised by every change, so that of two at once one must look again. */
  readonly rev: number;
  /** Unix milliseconds, oldest first. */
  readonly takenAt: readonly number[];
}

/** `retryAt`: when the oldest leaves the hour, Unix milliseconds. */
export type RefreshTurn = { readonly kind: 'taken' } | { readonly kind: 'refused'; readonly retryAt: number };

export const REFRESHES_PER_HOUR = 8;
const HOUR_MS = 3_600_000;

/** The collection `refresh_limits`: found by `_id` alone. */
export class RefreshLimits {
  private readonly docs: Collection<RefreshLimitDoc>;

  constructor(db: Db) {
    this.docs = db.collection<RefreshLimitDoc>('refresh_limits');
  }

  /** Takes one of the hour's refreshes by one conditional update: of any number at once no more succeed than are left. */
  async take(teamId: string, userId: string, now: number): Promise<RefreshTurn> {
    for (;;) {
      const limit = await this.read(teamId, userId);
      const recent = limit.takenAt.filter((at) => at > now - HOUR_MS);
      const oldest = recent.at(-REFRESHES_PER_HOUR);
      if (oldest !== undefined) return { kind: 'refused', retryAt: oldest + HOUR_MS };
      if (
        await this.replace(
          limit,
          [...recent, now].sort((a, b) => a - b),
        )
      )
        return { kind: 'taken' };
    }
  }

  /** One taken at `at` has come to nothing by no fault of the caller's. */
  async giveBack(teamId: string, userId: string, at: number): Promise<void> {
    for (;;) {
      const limit = await this.read(teamId, userId);
      const n = limit.takenAt.indexOf(at);
      if (n === -1 || (await this.replace(limit, limit.takenAt.toSpliced(n, 1)))) return;
    }
  }

  /** For a user who is erased. */
  async erase(teamId: string, userId: string): Promise<void> {
    await this.docs.deleteOne({ _id: idOf(teamId, userId), teamId });
  }

  private async read(teamId: string, userId: string): Promise<RefreshLimitDoc> {
    const _id = idOf(teamId, userId);
    return (await this.docs.findOne({ _id, teamId })) ?? { _id, teamId, rev: 0, takenAt: [] };
  }

  /** @returns whether it still was as read */
  private async replace({ _id, teamId, rev }: RefreshLimitDoc, takenAt: readonly number[]): Promise<boolean> {
    if (rev === 0) return insertOnce(this.docs, { _id, teamId, rev: 1, takenAt });
    const { matchedCount } = await this.docs.updateOne({ _id, teamId, rev }, { $set: { rev: rev + 1, takenAt } });
    return matchedCount === 1;
  }
}

const idOf = (teamId: string, userId: string): string => `${teamId}:${userId}`;
