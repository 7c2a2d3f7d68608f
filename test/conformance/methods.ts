import { randomUUID } from 'node:crypto';
import type { JunctionClient } from '@junction-api/sdk';
import type { VitalClient } from '@tryvital/vital-node';
import type { Person } from './person';

/** What the methods below are called with. */
export interface World {
  readonly person: Person;
  /** @returns a user of their own to change or delete */
  newUser(): Promise<string>;
  newLinkToken(): Promise<string>;
}

/** One method of the official clients, called as an app would. Null: that client has it not. */
export interface Method {
  readonly name: string;
  readonly junction: ((client: JunctionClient, world: World) => Promise<unknown>) | null;
  readonly vital: ((client: VitalClient, world: World) => Promise<unknown>) | null;
}

const PROVIDER = 'dexcom_v3' as const;
const someone = (): { clientUserId: string } => ({ clientUserId: `sdk-${randomUUID()}` });
const aggregation = { timeframe: { type: 'relative', anchor: '2026-11-22', past: { unit: 'day', value: 1 } }, queries: [] } as const;
const dated = ({ day }: Person) => ({ startDate: day });

const users: readonly Method[] = [
  { name: 'user.create', junction: (c) => c.user.create(someone()), vital: (c) => c.user.create(someone()) },
  { name: 'user.getAll', junction: (c) => c.user.getAll({ limit: 5 }), vital: (c) => c.user.getAll({ limit: 5 }) },
  { name: 'user.get', junction: (c, { person }) => c.user.get(person), vital: (c, { person }) => c.user.get(person.userId) },
  {
    name: 'user.getByClientUserId',
    junction: (c, { person }) => c.user.getByClientUserId(person),
    vital: (c, { person }) => c.user.getByClientUserId(person.clientUserId),
  },
  {
    name: 'user.patch',
    junction: async (c, { newUser }) => c.user.patch({ userId: await newUser(), fallbackTimeZone: 'Europe/London' }),
    vital: async (c, { newUser }) => c.user.patch(await newUser(), { fallbackTimeZone: 'Europe/London' }),
  },
  {
    name: 'user.delete',
    junction: async (c, { newUser }) => c.user.delete({ userId: await newUser() }),
    vital: async (c, { newUser }) => c.user.delete(await newUser()),
  },
  {
    name: 'user.undoDelete',
    junction: async (c, { newUser }) => {
      const userId = await newUser();
      await c.user.delete({ userId });
      return c.user.undoDelete({ userId });
    },
    vital: async (c, { newUser }) => {
      const userId = await newUser();
      await c.user.delete(userId);
      return c.user.undoDelete({ userId });
    },
  },
  {
    name: 'user.getConnectedProviders',
    junction: (c, { person }) => c.user.getConnectedProviders(person),
    vital: (c, { person }) => c.user.getConnectedProviders(person.userId),
  },
  { name: 'user.refresh', junction: (c, { person }) => c.user.refresh(person), vital: (c, { person }) => c.user.refresh(person.userId) },
  {
    name: 'user.getDevices',
    junction: (c, { person }) => c.user.getDevices(person),
    vital: (c, { person }) => c.user.getDevices(person.userId),
  },
  {
    name: 'user.getDevice',
    junction: (c, { person }) => c.user.getDevice(person),
    vital: (c, { person }) => c.user.getDevice(person.userId, person.deviceId),
  },
  { name: 'user.getTeamMetrics', junction: (c) => c.user.getTeamMetrics(), vital: (c) => c.user.getTeamMetrics() },
  {
    name: 'user.getUserSignInToken',
    junction: (c, { person }) => c.user.getUserSignInToken(person),
    vital: (c, { person }) => c.user.getUserSignInToken(person.userId),
  },
];

const bulkOf = ({ userId }: Person) => ({ provider: PROVIDER, userIds: [userId] });
const importOf = ({ userId }: Person) => ({
  provider: PROVIDER,
  waitForCompletion: true,
  connections: [{ userId, accessToken: 'unknown', refreshToken: 'unknown', providerId: 'somebody', expiresAt: 1 }],
});

const link: readonly Method[] = [
  {
    name: 'link.token',
    junction: (c, { person: { userId } }) =>
      c.link.token({ userId, provider: PROVIDER, filterOnProviders: [PROVIDER], onClose: 'redirect' }),
    vital: (c, { person: { userId } }) => c.link.token({ userId, provider: PROVIDER, filterOnProviders: [PROVIDER], onClose: 'redirect' }),
  },
  {
    name: 'link.generateOauthLink',
    junction: async (c, { newLinkToken }) => c.link.generateOauthLink({ oauthProvider: PROVIDER, vitalLinkToken: await newLinkToken() }),
    vital: async (c, { newLinkToken }) => c.link.generateOauthLink(PROVIDER, { vitalLinkToken: await newLinkToken() }),
  },
  {
    name: 'link.getAllProviders',
    junction: async (c, { newLinkToken }) => c.link.getAllProviders({ vitalLinkToken: await newLinkToken() }),
    vital: async (c, { newLinkToken }) => c.link.getAllProviders({ vitalLinkToken: await newLinkToken() }),
  },
  {
    name: 'link.connectPasswordProvider',
    junction: async (c, { newLinkToken }) =>
      c.link.connectPasswordProvider({ provider: 'dexcom', vitalLinkToken: await newLinkToken(), username: 'a', password: 'b' }),
    vital: async (c, { newLinkToken }) =>
      c.link.connectPasswordProvider('dexcom', { vitalLinkToken: await newLinkToken(), username: 'a', password: 'b' }),
  },
  {
    name: 'link.completePasswordProviderMfa',
    junction: async (c, { newLinkToken }) =>
      c.link.completePasswordProviderMfa({ provider: 'dexcom', vitalLinkToken: await newLinkToken(), mfaCode: '1' }),
    vital: async (c, { newLinkToken }) =>
      c.link.completePasswordProviderMfa('dexcom', { vitalLinkToken: await newLinkToken(), mfaCode: '1' }),
  },
  {
    name: 'link.connectEmailAuthProvider',
    junction: async (c, { newLinkToken }) =>
      c.link.connectEmailAuthProvider({ provider: 'freestyle_libre', vitalLinkToken: await newLinkToken(), email: 'a@b.example' }),
    vital: async (c, { newLinkToken }) =>
      c.link.connectEmailAuthProvider('freestyle_libre', { vitalLinkToken: await newLinkToken(), email: 'a@b.example' }),
  },
  {
    name: 'link.connectDemoProvider',
    junction: (c, { person: { userId } }) => c.link.connectDemoProvider({ userId, provider: 'fitbit' }),
    vital: (c, { person: { userId } }) => c.link.connectDemoProvider({ userId, provider: 'fitbit' }),
  },
  { name: 'link.codeCreate', junction: (c, { person }) => c.link.codeCreate(person), vital: (c, { person }) => c.link.codeCreate(person) },
  {
    name: 'link.bulkTriggerHistoricalPull',
    junction: (c, { person }) => c.link.bulkTriggerHistoricalPull({ ...bulkOf(person), waitForCompletion: true }),
    vital: (c, { person }) => c.link.bulkTriggerHistoricalPull({ ...bulkOf(person), waitForCompletion: true }),
  },
  {
    name: 'link.bulkImport',
    junction: (c, { person }) => c.link.bulkImport(importOf(person)),
    vital: (c, { person }) => c.link.bulkImport(importOf(person)),
  },
  {
    name: 'link.bulkExport',
    junction: (c, { person }) => c.link.bulkExport(bulkOf(person)),
    vital: (c, { person }) => c.link.bulkExport(bulkOf(person)),
  },
  { name: 'link.listBulkOps', junction: (c) => c.link.listBulkOps(), vital: (c) => c.link.listBulkOps() },
  {
    name: 'link.bulkPause',
    junction: async (c, { newUser }) => c.link.bulkPause({ provider: PROVIDER, userIds: [await newUser()] }),
    vital: async (c, { newUser }) => c.link.bulkPause({ provider: PROVIDER, userIds: [await newUser()] }),
  },
  { name: 'link.isTokenValid', junction: null, vital: async (c, { newLinkToken }) => c.link.isTokenValid({ token: await newLinkToken() }) },
  {
    name: 'link.startConnect',
    junction: null,
    vital: async (c, { newLinkToken }) => c.link.startConnect({ linkToken: await newLinkToken(), provider: PROVIDER }),
  },
  {
    name: 'link.tokenState',
    junction: null,
    vital: async (c, { newLinkToken }) => c.link.tokenState({ vitalLinkToken: await newLinkToken() }),
  },
  {
    name: 'link.emailAuth',
    junction: null,
    vital: async (c, { newLinkToken }) =>
      c.link.emailAuth({ vitalLinkToken: await newLinkToken(), email: 'a@b.example', provider: 'freestyle_libre', authType: 'email' }),
  },
  {
    name: 'link.passwordAuth',
    junction: null,
    vital: async (c, { newLinkToken }) =>
      c.link.passwordAuth({ vitalLinkToken: await newLinkToken(), username: 'a', password: 'b', provider: 'dexcom', authType: 'password' }),
  },
  { name: 'link.connectManualProvider', junction: null, vital: (c, { person }) => c.link.connectManualProvider('manual', person) },
];

const data: readonly Method[] = [
  { name: 'providers.getAll', junction: (c) => c.providers.getAll(), vital: (c) => c.providers.getAll() },
  {
    name: 'vitals.glucoseGrouped',
    junction: (c, { person }) => c.vitals.glucoseGrouped({ ...person, ...dated(person) }),
    vital: (c, { person }) => c.vitals.glucoseGrouped(person.userId, dated(person)),
  },
  {
    name: 'vitals.glucose',
    junction: (c, { person }) => c.vitals.glucose({ ...person, ...dated(person) }),
    vital: (c, { person }) => c.vitals.glucose(person.userId, dated(person)),
  },
  ...(['insulinInjectionGrouped', 'carbohydratesGrouped', 'noteGrouped', 'workoutDurationGrouped'] as const).map(
    (name): Method => ({
      name: `vitals.${name}`,
      junction: (c, { person }) => c.vitals[name]({ ...person, ...dated(person) }),
      vital: (c, { person }) => c.vitals[name](person.userId, dated(person)),
    }),
  ),
  {
    name: 'introspect.getUserResources',
    junction: (c, { person: { userId } }) => c.introspect.getUserResources({ userId, provider: PROVIDER }),
    vital: (c, { person: { userId } }) => c.introspect.getUserResources({ userId, provider: PROVIDER }),
  },
  {
    name: 'introspect.getUserHistoricalPulls',
    junction: (c, { person: { userId } }) => c.introspect.getUserHistoricalPulls({ userId, provider: PROVIDER }),
    vital: (c, { person: { userId } }) => c.introspect.getUserHistoricalPulls({ userId, provider: PROVIDER }),
  },
  {
    name: 'aggregate.queryOne',
    junction: (c, { person: { userId } }) => c.aggregate.queryOne({ userId, ...aggregation, queries: [] }),
    vital: (c, { person }) => c.aggregate.queryOne(person.userId, { ...aggregation, queries: [] }),
  },
  {
    name: 'aggregate.getResultTableForContinuousQuery',
    junction: (c, { person: { userId } }) => c.aggregate.getResultTableForContinuousQuery({ userId, queryIdOrSlug: 'q' }),
    vital: (c, { person }) => c.aggregate.getResultTableForContinuousQuery(person.userId, 'q'),
  },
  {
    name: 'aggregate.getTaskHistoryForContinuousQuery',
    junction: (c, { person: { userId } }) => c.aggregate.getTaskHistoryForContinuousQuery({ userId, queryIdOrSlug: 'q' }),
    vital: (c, { person }) => c.aggregate.getTaskHistoryForContinuousQuery(person.userId, 'q'),
  },
  {
    name: 'devices.getRaw',
    junction: (c, { person }) => c.devices.getRaw(person),
    vital: (c, { person }) => c.devices.getRaw(person.userId),
  },
];

const team: readonly Method[] = [
  { name: 'team.get', junction: (c, { person }) => c.team.get(person), vital: (c, { person }) => c.team.get(person.teamId) },
  {
    name: 'team.getUserById',
    junction: (c, { person }) => c.team.getUserById({ queryId: person.clientUserId }),
    vital: (c, { person }) => c.team.getUserById({ queryId: person.clientUserId }),
  },
  { name: 'team.getSvixUrl', junction: (c) => c.team.getSvixUrl(), vital: (c) => c.team.getSvixUrl() },
  { name: 'team.getSourcePriorities', junction: (c) => c.team.getSourcePriorities(), vital: (c) => c.team.getSourcePriorities() },
  { name: 'team.updateSourcePriorities', junction: (c) => c.team.updateSourcePriorities(), vital: (c) => c.team.updateSourcePriorities() },
  {
    name: 'team.getLinkConfig',
    junction: null,
    vital: async (c, { newLinkToken }) => c.team.getLinkConfig({ vitalLinkToken: await newLinkToken() }),
  },
];

/** Disconnecting comes last: the person is everybody's. */
const last: readonly Method[] = [
  {
    name: 'user.deregisterProvider',
    junction: (c, { person: { userId } }) => c.user.deregisterProvider({ userId, provider: PROVIDER }),
    vital: (c, { person }) => c.user.deregisterProvider(person.userId, PROVIDER),
  },
];

/** Every method of vital-api.md §11.2, in an order in which they can be called one after the other. */
export const methods: readonly Method[] = [...users, ...link, ...data, ...team, ...last];
