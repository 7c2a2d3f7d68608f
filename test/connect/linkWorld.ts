import type { DexcomClient } from '../../src/dexcom/client';
import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { type GrantDoc, tokenPlace } from '../../src/storage/grants';
import type { LinkSessionDoc } from '../../src/storage/linkSessionDoc';
import type { SyncDeps } from '../../src/sync/deps';
import { refreshGrant } from '../../src/sync/refreshGrant';
import { type Answer, APP_URL, type ApiWorld, type App, keyring, openApiWorld, send, type WorldOptions } from '../api/apiWorld';
import { type Simulator, startSimulator } from '../simulator';
import { syncDeps } from '../sync/syncWorld';

/** The API, a simulated Dexcom with two people, and one app: everything a browser meets while connecting. */
export interface LinkWorld extends ApiWorld {
  readonly simulator: Simulator;
  readonly app: App;
  /** Their ids at the simulator. */
  readonly people: readonly [string, string];
  begin(userId: string, request?: object): Promise<Link>;
  /** Signs a person in and gives consent. @returns where the browser is sent next: our callback, with code and state */
  approve(link: Link, person?: string): Promise<string>;
  /** What the browser gets there. */
  open(url: string, headers?: Record<string, string>): Promise<Answer>;
  /** Everything from a new link to the app's page. @returns the link */
  connect(userId: string, person?: string): Promise<Link>;
  sessionOf(link: Link): Promise<LinkSessionDoc>;
  /** The one that a user of `app` has. */
  connectionOf(userId: string): Promise<ConnectionDoc>;
  grantOf(connectionId: string): Promise<GrantDoc>;
  /** Speaks for the app that issued it. */
  issuerOf(grant: GrantDoc): Promise<DexcomClient>;
}

export interface Link {
  readonly token: string;
  readonly webUrl: string;
}

export const SUCCESS = `${APP_URL}?state=success`;

export async function openLinkWorld(options: Omit<WorldOptions, 'simulator'> = {}): Promise<LinkWorld> {
  const simulator = await startSimulator({ people: 2, historyDays: 3 });
  const world = await openApiWorld({ ...options, simulator });
  const app = await world.newApp();
  const [first, second] = await simulator.control.people();
  if (!first || !second) throw new Error('the simulator has no two people');

  const authorizeUrl = async ({ webUrl }: Link): Promise<string> => {
    const { headers } = await send(webUrl, 'GET', '', undefined, {});
    return headers.get('location') ?? '';
  };
  const opened: LinkWorld = {
    ...world,
    simulator,
    app,
    people: [first.id, second.id],

    async begin(userId, request) {
      const body = { user_id: userId, provider: 'dexcom_v3', redirect_url: APP_URL, ...request };
      const answer = await app.call('POST', '/v2/link/token', { body });
      if (answer.status !== 200) throw new Error(`no link token: ${JSON.stringify(answer.body)}`);
      return { token: answer.body.link_token, webUrl: answer.body.link_web_url };
    },
    approve: async (link, person = first.id) => simulator.approve(await authorizeUrl(link), person),
    open: (url, headers = {}) => send(url, 'GET', '', undefined, headers),

    async connect(userId, person) {
      const link = await opened.begin(userId);
      const { status, headers } = await opened.open(await opened.approve(link, person));
      if (status !== 307 || headers.get('location') !== SUCCESS) throw new Error(`not connected: ${status} ${headers.get('location')}`);
      return link;
    },

    async sessionOf({ token }) {
      const named = await world.services.linkTokens.verify(token);
      const session = named && (await world.services.linkSessions.load(named.sessionId));
      if (!session) throw new Error('no such session');
      return session;
    },
    async connectionOf(userId) {
      const [connection] = await world.services.connections.ofUser(app.teamId, userId);
      if (!connection) throw new Error('no connection');
      return connection;
    },
    async grantOf(connectionId) {
      const grant = await world.services.grants.read(app.teamId, connectionId);
      if (!grant) throw new Error('no such grant');
      return grant;
    },
    issuerOf: ({ teamId, issuer }) => world.services.dexcom.clientFor({ teamId, ...issuer }),

    async close() {
      await world.close();
      await simulator.stop();
    },
  };
  return opened;
}

/** What a worker beside it pulls and refreshes with. */
export const syncDepsOf = ({ db, services }: ApiWorld): SyncDeps => syncDeps(db, services.dexcom, keyring);

/** A connection's tokens are renewed, as if this were the last try. */
export const refreshOnce = (deps: SyncDeps, { _id }: ConnectionDoc) =>
  refreshGrant(deps, { connectionId: _id, step: 'spend', attemptsLeft: 0, sendBefore: Infinity });

/** Why a link did not succeed, as the app's page is told. */
export const errorType = (location: string | null): string | null => new URL(location ?? '').searchParams.get('error_type');

export const refreshTokenOf = ({ _id, refreshToken }: GrantDoc): string => keyring.open(refreshToken, tokenPlace(_id, 'refreshToken'));
export const accessTokenOf = ({ _id, accessToken }: GrantDoc): string => keyring.open(accessToken, tokenPlace(_id, 'accessToken'));
