import type { ConnectionDoc } from '../../src/storage/connectionDoc';
import { dayId } from '../../src/storage/glucoseDays';
import { readingAt } from '../glucose/readings';
import { sampleConnection } from '../storage/sampleConnection';
import { grantFor } from '../sync/syncWorld';
import { type ApiWorld, type App, openApiWorld } from './apiWorld';

export const DAY = 86_400_000;
export const AT = Date.parse('2026-11-20T12:00:00Z');

/** Two of three windows of its history are read. */
export const halfDone = {
  createdAt: AT,
  history: { pullId: null, scheduledAt: AT, offeredFrom: null, pushed: false },
  nextPollAt: AT + 60_000,
  newestReadingAt: AT - 300_000,
  lastSuccessAt: AT,
  readings: 17_280,
  backfill: {
    floor: AT - 90 * DAY,
    ceiling: AT,
    doneBackTo: AT - 60 * DAY + 2_000,
    windowsDone: 2,
    windowsTotal: 3,
    readings: 17_280,
    startedAt: AT + 1_000,
    endedAt: null,
  },
} satisfies Partial<ConnectionDoc>;

const tokens = { accessToken: 'access', refreshToken: 'refresh', issuedAt: AT };

type Body = Awaited<ReturnType<App['call']>>['body'];

/** An API whose users' connections are as a test says. */
export interface IntrospectWorld extends Pick<ApiWorld, 'services' | 'newApp' | 'close'> {
  readonly app: App;
  /** @param tokensUntil when the access token is over: never, if it is left out @returns a user's id */
  userWith(change: Partial<ConnectionDoc>, tokensUntil?: number): Promise<string>;
  /** Readings where a pull would put them. */
  store(userId: string, instants: readonly number[]): Promise<void>;
  /** What introspection says of one user's history, and of all their resources. */
  historicalPull(userId: string): Promise<Body>;
  resources(userId: string): Promise<Body>;
}

export async function openIntrospectWorld(): Promise<IntrospectWorld> {
  const world = await openApiWorld();
  const app = await world.newApp();
  const providerOf = async (name: string, userId: string) =>
    (await app.call('GET', `/v2/introspect/${name}?user_id=${userId}`)).body.data[0].provider.dexcom_v3;

  return {
    services: world.services,
    newApp: world.newApp,
    close: world.close,
    app,

    async userWith(change, tokensUntil = Number.MAX_SAFE_INTEGER) {
      const userId = await app.newUser();
      const connection = sampleConnection({ teamId: app.teamId, userId, ...change });
      await world.services.connections.ensure(connection);
      await world.services.grants.settle(grantFor(connection, { ...tokens, expiresAt: tokensUntil }));
      return userId;
    },

    async store(userId, instants) {
      const [connection] = await world.services.connections.ofUser(app.teamId, userId);
      const connectionId = connection?._id ?? '';
      for (const id of new Set(instants.map((at) => dayId(connectionId, at)))) {
        const readings = instants
          .toSorted((a, b) => a - b)
          .filter((at) => dayId(connectionId, at) === id)
          .map((at) => readingAt(at, {}));
        const day = { _id: id, teamId: app.teamId, userId, connectionId, version: 1, pullSeq: 1, unpublished: false, readings };
        expect(await world.services.glucoseDays.write(day)).toBe(true);
      }
    },

    historicalPull: async (userId) => (await providerOf('historical_pull', userId)).pulled.glucose,
    resources: (userId) => providerOf('resources', userId),
  };
}
