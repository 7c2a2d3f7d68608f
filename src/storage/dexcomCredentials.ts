import { randomUUID } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { TeamApps } from '../dexcom/apps';
import type { DexcomRegion } from '../dexcom/region';
import type { AppCredentials } from '../dexcom/registration';
import type { Keyring, Sealed, SealedPlace } from '../security/keyring';
import type { CollectionIndexes } from './collectionIndexes';
import { insertOnce } from './insertOnce';

/**
 * The Dexcom apps a team brought along for one region. People consent to `current`; the others stay because only the app that issued a grant can
 * renew it, so that no change of credentials disconnects anybody (ADR 10).
 */
export interface DexcomCredentialsDoc {
  /** `<teamId>:<region>` */
  readonly _id: string;
  /** UUID by which the API names them. */
  readonly credentialsId: string;
  readonly teamId: string;
  readonly region: DexcomRegion;
  /** `clientId` of one of `apps`; null: people consent to the operator's app (again). */
  readonly current: string | null;
  readonly apps: readonly OwnApp[];
  /** Rises with every change. */
  readonly rev: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OwnApp {
  readonly clientId: string;
  readonly clientSecret: Sealed;
  readonly redirectUri: string | null;
}

/** What a team has in use in one region. The secret is a secret: it goes to Dexcom and nowhere else. */
export interface OwnCredentials extends AppCredentials {
  readonly credentialsId: string;
  readonly region: DexcomRegion;
  readonly redirectUri: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const dexcomCredentialsIndexes: CollectionIndexes = {
  collection: 'dexcom_credentials',
  indexes: [
    { name: 'team', key: { teamId: 1 } },
    { name: 'credentials_id', key: { credentialsId: 1 } },
  ],
};

/** The collection `dexcom_credentials`. */
export class DexcomCredentials implements TeamApps {
  private readonly docs: Collection<DexcomCredentialsDoc>;

  constructor(
    db: Db,
    private readonly keyring: Keyring,
  ) {
    this.docs = db.collection<DexcomCredentialsDoc>(dexcomCredentialsIndexes.collection);
  }

  async find(teamId: string, region: DexcomRegion, clientId?: string): Promise<AppCredentials | null> {
    const doc = await this.docs.findOne({ _id: idOf(teamId, region) });
    const app = doc?.apps.find((own) => own.clientId === (clientId ?? doc.current));
    return doc && app ? this.opened(doc, app) : null;
  }

  async regionsOf(teamId: string): Promise<readonly DexcomRegion[]> {
    return (await this.list(teamId)).map(({ region }) => region);
  }

  /** What people of this team consent to, oldest first. */
  async list(teamId: string): Promise<readonly OwnCredentials[]> {
    const docs = await this.docs.find({ teamId }).sort({ createdAt: 1 }).toArray();
    return docs.flatMap((doc) => this.inUse(doc) ?? []);
  }

  /** From now on people of the team consent to this app there. One that was in use goes on renewing what it issued. */
  async put(teamId: string, region: DexcomRegion, { clientId, clientSecret, redirectUri }: AppCredentials): Promise<OwnCredentials> {
    const _id = idOf(teamId, region);
    const app: OwnApp = {
      clientId,
      clientSecret: this.keyring.seal(clientSecret, secretPlace(_id, clientId)),
      redirectUri: redirectUri ?? null,
    };
    const stored = await this.change(teamId, region, ({ apps }) => ({
      current: clientId,
      apps: [...apps.filter((own) => own.clientId !== clientId), app],
    }));
    const credentials = this.inUse(stored);
    if (!credentials) throw new Error(`the credentials ${_id} are not as they were put`);
    return credentials;
  }

  /** People of the team consent to the operator's app there again. @returns false if they did already */
  async withdraw(teamId: string, region: DexcomRegion): Promise<boolean> {
    const found = await this.docs.findOne({ _id: idOf(teamId, region) });
    if (!found || found.current === null) return false;
    await this.change(teamId, region, ({ apps }) => ({ current: null, apps }));
    return true;
  }

  /** Whose credentials have this id, in use or not. */
  async placeOf(credentialsId: string): Promise<Pick<DexcomCredentialsDoc, 'teamId' | 'region'> | null> {
    return this.docs.findOne({ credentialsId });
  }

  /** Of a team that has nobody left whose grant they could renew. */
  async removeAllOf(teamId: string): Promise<void> {
    await this.docs.deleteMany({ teamId });
  }

  /** Read, change, write if nobody has written meanwhile; else once more. */
  private async change(
    teamId: string,
    region: DexcomRegion,
    changed: (doc: DexcomCredentialsDoc) => Pick<DexcomCredentialsDoc, 'current' | 'apps'>,
  ): Promise<DexcomCredentialsDoc> {
    const _id = idOf(teamId, region);
    for (;;) {
      const updatedAt = Date.now();
      const found = await this.docs.findOne({ _id });
      const fresh = { _id, credentialsId: randomUUID(), teamId, region, current: null, apps: [], rev: 0, createdAt: updatedAt, updatedAt };
      const before: DexcomCredentialsDoc = found ?? fresh;
      const next = { ...before, ...changed(before), rev: before.rev + 1, updatedAt };
      if (found ? await this.replaced(next, before.rev) : await insertOnce(this.docs, next)) return next;
    }
  }

  private async replaced(next: DexcomCredentialsDoc, rev: number): Promise<boolean> {
    const { matchedCount } = await this.docs.replaceOne({ _id: next._id, rev }, next);
    return matchedCount === 1;
  }

  private inUse(doc: DexcomCredentialsDoc): OwnCredentials | null {
    const { credentialsId, region, createdAt, updatedAt } = doc;
    const app = doc.apps.find(({ clientId }) => clientId === doc.current);
    return app ? { ...this.opened(doc, app), credentialsId, region, createdAt, updatedAt } : null;
  }

  private opened({ _id }: DexcomCredentialsDoc, { clientId, clientSecret, redirectUri }: OwnApp) {
    return { clientId, clientSecret: this.keyring.open(clientSecret, secretPlace(_id, clientId)), redirectUri };
  }
}

const idOf = (teamId: string, region: DexcomRegion): string => `${teamId}:${region}`;

/** Names the app, so that a secret is nobody else's wherever it is moved in the list. */
const secretPlace = (id: string, clientId: string): SealedPlace => ({
  collection: 'dexcom_credentials',
  id,
  field: `apps.${clientId}.clientSecret`,
});
