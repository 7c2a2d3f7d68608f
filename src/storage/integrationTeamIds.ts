import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/** Makes an app's own name for a team unique in its organisation. */
interface IntegrationTeamIdDoc {
  /** `<orgId>:<integration team id>`. */
  readonly _id: string;
  readonly teamId: string;
  /** `updatedAt` of the team as it was read by whoever claimed. */
  readonly over: number;
}

/** Whose name it is to be, and as which team it was read. */
export interface IntegrationTeamIdClaim {
  readonly orgId: string;
  readonly integrationTeamId: string;
  readonly teamId: string;
  readonly over: number;
}

export const integrationTeamIdIndexes: CollectionIndexes = {
  collection: 'integration_team_ids',
  indexes: [{ name: 'team', key: { teamId: 1 } }],
};

/** The collection `integration_team_ids`. */
export class IntegrationTeamIds {
  private readonly docs: Collection<IntegrationTeamIdDoc>;

  constructor(db: Db) {
    this.docs = db.collection<IntegrationTeamIdDoc>(integrationTeamIdIndexes.collection);
  }

  /** @returns the team that has the name now: the one given, or another */
  async claim({ orgId, integrationTeamId, teamId, over }: IntegrationTeamIdClaim): Promise<string> {
    const _id = `${orgId}:${integrationTeamId}`;
    for (;;) {
      if (await insertOnce(this.docs, { _id, teamId, over })) return teamId;
      const { matchedCount } = await this.docs.updateOne({ _id, teamId }, { $set: { over } });
      if (matchedCount === 1) return teamId;
      const there = await this.docs.findOne({ _id });
      if (there) return there.teamId;
    }
  }

  /** Gives back what the team claimed before it became as it is now, but for the name it has. */
  async releaseOlder(
    teamId: string,
    than: number,
    kept: Pick<IntegrationTeamIdClaim, 'orgId'> & { readonly name: string | null },
  ): Promise<void> {
    const held = await this.docs.find({ teamId }).toArray();
    const others = held.filter(({ _id }) => _id !== `${kept.orgId}:${kept.name}`);
    for (const { _id } of others) await this.docs.deleteOne({ _id, teamId, over: { $lt: than } });
  }

  async releaseAll(teamId: string): Promise<void> {
    await this.docs.deleteMany({ teamId });
  }
}
