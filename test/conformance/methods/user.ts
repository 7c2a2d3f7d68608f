import { dexcom, lately, tokenThatSays, uuid } from '../facts';
import { type Method, PROVIDER, type World } from '../method';
import type { Person } from '../person';

const someone = ({ subject }: World) => ({ clientUserId: `sdk-${subject.clientUserId}` });
const SUCCESS = { success: true };

/** The person as every method that tells of a user tells of them. */
export const theirs = ({ userId, teamId, clientUserId }: Person) => ({
  userId,
  teamId,
  clientUserId,
  createdOn: lately,
  connectedSources: [{ provider: dexcom, source: dexcom, createdOn: lately }],
});

const device = ({ deviceId, userId, history }: Person) => ({
  id: deviceId,
  userId,
  provider: PROVIDER,
  sourceType: 'automatic',
  deviceManufacturer: 'Dexcom',
  deviceModel: 'G7',
  deviceId: expect.stringMatching(new RegExp(`^(${transmitters(history).join('|')})$`)),
});

const transmitters = (history: Person['history']): readonly string[] => [...new Set(history.map(({ transmitterId }) => transmitterId))];

const refreshed = ({ userId }: Person) => ({
  success: true,
  userId,
  refreshedSources: [`${PROVIDER}/vitals/glucose`],
  inProgressSources: [],
  failedSources: [],
});

/** What a call that should not succeed comes to. */
const statusOf = async (call: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof Error && 'statusCode' in error ? error.statusCode : error;
};

export const userMethods: readonly Method[] = [
  {
    name: 'user.getAll',
    junction: (c) => c.user.getAll({ limit: 5 }),
    vital: (c) => c.user.getAll({ limit: 5 }),
    gives: ({ person, subject: { userId, clientUserId }, userCount }) => ({
      users: expect.arrayContaining([
        expect.objectContaining({ userId, clientUserId, teamId: person.teamId, connectedSources: [] }),
        expect.objectContaining({ userId: person.userId, clientUserId: person.clientUserId }),
      ]),
      total: userCount,
      offset: 0,
      limit: 5,
    }),
  },
  {
    name: 'user.getTeamMetrics',
    junction: (c) => c.user.getTeamMetrics(),
    vital: (c) => c.user.getTeamMetrics(),
    gives: ({ person: { teamId }, userCount }) => ({
      teamId,
      numberOfUsers: userCount,
      numberOfConnectedSources: 1,
      numberOfErroredConnectedSources: 0,
      numberOfOrderedTests: 0,
    }),
  },
  {
    name: 'user.create',
    junction: (c, world) => c.user.create(someone(world)),
    vital: (c, world) => c.user.create(someone(world)),
    gives: (world) => ({ userId: uuid, ...someone(world) }),
  },
  {
    name: 'user.get',
    junction: (c, { person }) => c.user.get(person),
    vital: (c, { person }) => c.user.get(person.userId),
    gives: ({ person }) => theirs(person),
  },
  {
    name: 'user.getByClientUserId',
    junction: (c, { person }) => c.user.getByClientUserId(person),
    vital: (c, { person }) => c.user.getByClientUserId(person.clientUserId),
    gives: ({ person }) => theirs(person),
  },
  {
    // Answered without a body: what it did is read.
    name: 'user.patch',
    junction: async (c, { subject: { userId, clientUserId } }) => {
      await c.user.patch({ userId, clientUserId: `new-${clientUserId}`, fallbackTimeZone: 'Europe/London' });
      return c.user.get({ userId });
    },
    vital: async (c, { subject: { userId, clientUserId } }) => {
      await c.user.patch(userId, { clientUserId: `new-${clientUserId}`, fallbackTimeZone: 'Europe/London' });
      return c.user.get(userId);
    },
    gives: ({ subject: { userId, clientUserId } }) => ({
      userId,
      clientUserId: `new-${clientUserId}`,
      fallbackTimeZone: { id: 'Europe/London', sourceSlug: 'manual', updatedAt: lately },
    }),
  },
  {
    name: 'user.delete',
    junction: async (c, { subject }) => ({ ...(await c.user.delete(subject)), after: await statusOf(c.user.get(subject)) }),
    vital: async (c, { subject: { userId } }) => ({ ...(await c.user.delete(userId)), after: await statusOf(c.user.get(userId)) }),
    gives: () => ({ ...SUCCESS, after: 404 }),
  },
  {
    name: 'user.undoDelete',
    junction: async (c, { subject }) => {
      await c.user.delete(subject);
      return { ...(await c.user.undoDelete({ userId: subject.userId })), user: await c.user.get(subject) };
    },
    vital: async (c, { subject: { userId } }) => {
      await c.user.delete(userId);
      return { ...(await c.user.undoDelete({ userId })), user: await c.user.get(userId) };
    },
    gives: ({ subject: { userId, clientUserId } }) => ({ ...SUCCESS, user: { userId, clientUserId } }),
  },
  {
    name: 'user.getConnectedProviders',
    junction: (c, { person }) => c.user.getConnectedProviders(person),
    vital: (c, { person }) => c.user.getConnectedProviders(person.userId),
    gives: ({ person }) => ({
      providers: [
        {
          ...dexcom,
          status: 'connected',
          createdOn: lately,
          externalUserId: person.accountId,
          resourceAvailability: { glucose: { status: 'available' } },
        },
      ],
    }),
  },
  {
    name: 'user.refresh',
    junction: (c, { person }) => c.user.refresh(person),
    vital: (c, { person }) => c.user.refresh(person.userId),
    gives: ({ person }) => refreshed(person),
  },
  {
    name: 'user.getDevices',
    junction: (c, { person }) => c.user.getDevices(person),
    vital: (c, { person }) => c.user.getDevices(person.userId),
    gives: ({ person }) => transmitters(person.history).map((_, n) => ({ ...device(person), ...(n > 0 && { id: uuid }) })),
  },
  {
    name: 'user.getDevice',
    junction: (c, { person }) => c.user.getDevice(person),
    vital: (c, { person }) => c.user.getDevice(person.userId, person.deviceId),
    gives: ({ person }) => device(person),
  },
  {
    name: 'user.getUserSignInToken',
    junction: (c, { person }) => c.user.getUserSignInToken(person),
    vital: (c, { person }) => c.user.getUserSignInToken(person.userId),
    gives: ({ person: { userId, teamId } }) => ({ userId, signInToken: tokenThatSays({ sub: userId, team_id: teamId }) }),
  },
];

/** Disconnecting comes last: the person is everybody's. */
export const lastMethods: readonly Method[] = [
  {
    name: 'user.deregisterProvider',
    junction: async (c, { person: { userId } }) => ({
      ...(await c.user.deregisterProvider({ userId, provider: PROVIDER })),
      ...(await c.user.getConnectedProviders({ userId })),
    }),
    vital: async (c, { person: { userId } }) => ({
      ...(await c.user.deregisterProvider(userId, PROVIDER)),
      ...(await c.user.getConnectedProviders(userId)),
    }),
    gives: () => ({ ...SUCCESS, providers: [] }),
  },
];
