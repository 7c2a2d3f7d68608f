import { randomBytes, randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import type { DexcomApps } from '../../src/dexcom/apps';
import type { DexcomTokens } from '../../src/dexcom/client';
import { policyFor } from '../../src/freshness/policy';
import { createKeyring, type Keyring } from '../../src/security/keyring';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { ConnectionPulls } from '../../src/storage/connectionPulls';
import { Connections } from '../../src/storage/connections';
import type { Database } from '../../src/storage/database';
import { Devices } from '../../src/storage/devices';
import { GlucoseDays } from '../../src/storage/glucoseDays';
import { type GrantDoc, Grants, tokenPlace } from '../../src/storage/grants';
import { Messages } from '../../src/storage/messages';
import { Quarantine } from '../../src/storage/quarantine';
import { Records } from '../../src/storage/records';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import type { SyncDeps } from '../../src/sync/deps';
import { type PullRequest, pull } from '../../src/sync/pull';
import { SyncFailure } from '../../src/sync/syncFailure';
import { dexcomClient, type LoneClient, onlyApp } from '../dexcom/dexcomClient';
import { REDIRECT_URI, type Simulator, type SimulatorOptions, startSimulator } from '../simulator';
import { freshDatabase } from '../storage/freshDatabase';
import { sampleConnection } from '../storage/sampleConnection';

const keyring = createKeyring([{ kid: 'k', key: new Uint8Array(randomBytes(32)) }]);

export const policy = policyFor(300_000);

/** Somebody's consent at the simulator, and whose account it is. */
export interface Person {
  readonly id: string;
  readonly tokens: DexcomTokens;
  readonly dexcomUserId: string;
}

/** A simulated Dexcom, a database of our own, and the protocols between them: all of it real, over HTTP and the wire. */
export interface SyncWorld {
  readonly simulator: Simulator;
  readonly database: Database;
  readonly dexcom: LoneClient;
  readonly deps: SyncDeps;
  /** The protocols over another way to the same database. */
  depsOver(db: Db): SyncDeps;
  consent(personId: string): Promise<Person>;
  connect(person: Person, change?: Partial<ConnectionDoc>): Promise<ConnectionDoc>;
  grantOf(connection: ConnectionDoc): Promise<GrantDoc>;
  connectionNow(connection: ConnectionDoc): Promise<ConnectionDoc>;
  close(): Promise<void>;
}

export async function syncWorld(options: SimulatorOptions): Promise<SyncWorld> {
  const [simulator, database] = await Promise.all([startSimulator(options), freshDatabase()]);
  const dexcom = dexcomClient({ baseUrl: simulator.url, clientId: simulator.clientId, clientSecret: simulator.clientSecret });

  const depsOver = (db: Db): SyncDeps => syncDeps(db, onlyApp(dexcom));
  const deps = depsOver(database.db);

  return {
    simulator,
    database,
    dexcom,
    deps,
    depsOver,

    async consent(id) {
      const sentTo = await simulator.approve(dexcom.authorizeUrl({ redirectUri: REDIRECT_URI, state: 's' }), id);
      const code = new URL(sentTo).searchParams.get('code') ?? '';
      const tokens = await dexcom.exchangeCode({ code, redirectUri: REDIRECT_URI });
      const { userId: dexcomUserId } = await dexcom.dataRange(tokens.accessToken);
      return { id, tokens, dexcomUserId };
    },

    async connect({ tokens, dexcomUserId }, change) {
      const connection = sampleConnection({ dexcomUserId, ...change });
      await deps.connections.ensure(connection);
      await deps.grants.settle(grantFor(connection, tokens));
      return connection;
    },

    grantOf: async ({ teamId, _id }) => found(await deps.grants.read(teamId, _id)),
    connectionNow: async ({ _id }) => found(await deps.connections.load(_id)),

    async close() {
      await Promise.all([simulator.stop(), dexcom.close(), database.close()]);
    },
  };
}

/** What the pull and the refresh protocol work with, as a worker has it. */
export const syncDeps = (db: Db, dexcom: DexcomApps, keys: Keyring = keyring): SyncDeps => ({
  connections: new Connections(db),
  pulls: new ConnectionPulls(db),
  grants: new Grants(db),
  glucoseDays: new GlucoseDays(db),
  devices: new Devices(db),
  quarantine: new Quarantine(db),
  records: new Records(db),
  messages: new Messages(db),
  endpoints: new WebhookEndpoints(db),
  keyring: keys,
  dexcom,
});

/** Somebody whose sensor reads every quarter of an hour and always did: as much to tell apart, in a third of the messages. */
export async function sparsePerson(world: SyncWorld, id = 'sparse'): Promise<Person> {
  await world.simulator.control.addPerson({ id, historyDays: 4, interval: '15m' });
  return world.consent(id);
}

/** As many of them as tries go on beside each other. */
export const sparsePeople = (world: SyncWorld): Promise<Person[]> =>
  Promise.all(['a', 'b', 'c', 'd'].map((letter) => sparsePerson(world, `sparse-${letter}`)));

/** A consent's first tokens. */
export const grantFor = ({ _id, teamId, consentedAt }: ConnectionDoc, { issuedAt, expiresAt, ...tokens }: DexcomTokens): GrantDoc => ({
  _id,
  teamId,
  consentId: randomUUID(),
  consentedAt,
  rev: 0,
  accessToken: keyring.seal(tokens.accessToken, tokenPlace(_id, 'accessToken')),
  refreshToken: keyring.seal(tokens.refreshToken, tokenPlace(_id, 'refreshToken')),
  // Long ago, so that a refusal is the token's fault.
  accessTokenIssuedAt: issuedAt - 3_600_000,
  accessTokenExpiresAt: expiresAt,
  intent: null,
  needsReauth: null,
});

export const accessTokenOf = ({ _id, accessToken }: GrantDoc): string => keyring.open(accessToken, tokenPlace(_id, 'accessToken'));

/** A pull over the whole of `[from, to)`. */
export const pullOnce = (
  deps: SyncDeps,
  { _id }: ConnectionDoc,
  window: Omit<PullRequest, 'connectionId' | 'policy' | 'signal'> & Partial<PullRequest>,
) => pull(deps, { connectionId: _id, policy, signal: new AbortController().signal, ...window });

/** @returns the type of the failure that it ends with, null where it ends well */
export const failureOf = (working: Promise<unknown>): Promise<unknown> =>
  working.then(
    () => null,
    (error: unknown) => (error instanceof SyncFailure ? error.type : error),
  );

function found<T>(value: T | null): T {
  if (value === null) throw new Error('not there');
  return value;
}
