import type { Collection, Db } from 'mongodb';
import type { CollectionIndexes } from './collectionIndexes';

/** An app's space: users, keys and endpoints of one team are invisible to every other. */
export interface TeamDoc {
  /** UUID. */
  readonly _id: string;
  readonly orgId: string;
  readonly name: string;
  /** As it was asked for; an engine reaches all of Dexcom's. */
  readonly region: 'us' | 'eu';
  /** Where the link flow may send a browser back to: exact origin + path prefix; empty allows only our own end page. */
  readonly redirectUrls: readonly string[];
  /** Whether a Dexcom account that another user of the team has connected is refused. */
  readonly rejectDuplicateConnection: boolean;
  /** Whether what a backfill brings is sent as `daily.data.glucose.*` too. */
  readonly pushHistoricalData: boolean;
  readonly logoUrl: string | null;
  /** The app's own name for the team, unique in its organisation. */
  readonly integrationTeamId: string | null;
  /** Kept as it was given. */
  readonly brandInformation: Readonly<Record<string, unknown>> | null;
  readonly pullPreferences: PullPreferences;
  readonly createdAt: number;
  /** It is being removed: whoever has just become its user is deleted (src/users/followTeam.ts). */
  readonly removing?: boolean;
  /** Raised by every change: whoever changes a team names the one that was read. */
  readonly updatedAt: number;
}

/** How far back a first consent reaches (vital-api.md §7.1). */
export interface PullPreferences {
  /** What holds for a pull: glucose’s own number, else the provider’s; null: everything Dexcom has. */
  readonly historicalDaysToPull: number | null;
  /** As the app wrote it; null: never, or taken back. */
  readonly written: { readonly providerDays: number; readonly glucoseDays: number | null } | null;
}

/** What may be changed; `updatedAt` is later than what was read. */
export type TeamChange = Partial<Omit<TeamDoc, '_id' | 'orgId' | 'createdAt' | 'removing'>> & Pick<TeamDoc, 'updatedAt'>;

/** Oldest first. */
export type TeamPosition = Pick<TeamDoc, 'createdAt' | '_id'>;

/** What a team begins with where nothing else is said. */
export const teamDefaults = {
  region: 'us',
  redirectUrls: [],
  rejectDuplicateConnection: false,
  pushHistoricalData: false,
  logoUrl: null,
  integrationTeamId: null,
  brandInformation: null,
  pullPreferences: { historicalDaysToPull: null, written: null },
} as const satisfies Partial<TeamDoc>;

/** As it may lie in the database: written by an older release, without what it did not know. */
type StoredTeam = Pick<TeamDoc, '_id' | 'orgId' | 'name' | 'createdAt'> &
  Partial<Omit<TeamDoc, 'updatedAt'>> & { readonly updatedAt?: number | null };

export const teamIndexes: CollectionIndexes = {
  collection: 'teams',
  indexes: [{ name: 'organisation', key: { orgId: 1, createdAt: 1, _id: 1 } }],
};

/** The collection `teams`. */
export class Teams {
  private readonly docs: Collection<StoredTeam>;

  constructor(db: Db) {
    this.docs = db.collection<StoredTeam>(teamIndexes.collection);
  }

  async insert(team: TeamDoc): Promise<void> {
    await this.docs.insertOne(team);
  }

  async byId(teamId: string): Promise<TeamDoc | null> {
    const stored = await this.docs.findOne({ _id: teamId });
    return stored && whole(stored);
  }

  /** Oldest first, those after `position` only. @param teamIds null: all of the organisation's */
  async page(orgId: string, teamIds: readonly string[] | null, position: TeamPosition | null, limit: number): Promise<TeamDoc[]> {
    const chosen = teamIds && { _id: { $in: [...teamIds] } };
    const later = position && {
      $or: [{ createdAt: { $gt: position.createdAt } }, { createdAt: position.createdAt, _id: { $gt: position._id } }],
    };
    const found = this.docs
      .find({ orgId, ...chosen, ...later })
      .sort({ createdAt: 1, _id: 1 })
      .limit(limit);
    return (await found.toArray()).map(whole);
  }

  /** @returns whether `team` was still as it was read */
  async change({ _id, updatedAt }: TeamDoc, change: TeamChange): Promise<boolean> {
    const { matchedCount } = await this.docs.updateOne({ _id, updatedAt: { $in: [updatedAt, null] } }, { $set: change });
    return matchedCount === 1;
  }

  async beginRemoval(teamId: string): Promise<void> {
    await this.docs.updateOne({ _id: teamId }, { $set: { removing: true } });
  }

  async remove(teamId: string): Promise<void> {
    await this.docs.deleteOne({ _id: teamId });
  }

  /** All of them, oldest first: for the operator's command line only. */
  async list(): Promise<TeamDoc[]> {
    return (await this.docs.find().sort({ createdAt: 1 }).toArray()).map(whole);
  }
}

const whole = (stored: StoredTeam): TeamDoc => ({ ...teamDefaults, ...stored, updatedAt: stored.updatedAt ?? stored.createdAt });
