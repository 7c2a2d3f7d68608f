import type { Collection, Db } from 'mongodb';

/** An app's space: users, keys and endpoints of one team are invisible to every other. */
export interface TeamDoc {
  /** UUID. */
  readonly _id: string;
  readonly orgId: string;
  readonly name: string;
  /** Where the link flow may send a browser back to: exact origin + path prefix; empty allows only our own end page. */
  readonly redirectUrls: readonly string[];
  readonly createdAt: number;
}

/** The collection `teams`. */
export class Teams {
  private readonly docs: Collection<TeamDoc>;

  constructor(db: Db) {
    this.docs = db.collection<TeamDoc>('teams');
  }

  async insert(team: TeamDoc): Promise<void> {
    await this.docs.insertOne(team);
  }

  async byId(teamId: string): Promise<TeamDoc | null> {
    return this.docs.findOne({ _id: teamId });
  }

  /** All of them, oldest first: for the operator's command line only. */
  async list(): Promise<TeamDoc[]> {
    return this.docs.find().sort({ createdAt: 1 }).toArray();
  }
}
