import { dexcom, lately, tokenThatSays, uuid } from '../facts';
import { type Method, PROVIDER, type World } from '../method';
import type { Person } from '../person';

const askedFor = ({ subject: { userId } }: World) => ({
  userId,
  provider: PROVIDER,
  filterOnProviders: [PROVIDER],
  onClose: 'redirect' as const,
});
const bulkOf = ({ userId }: Person) => ({ provider: PROVIDER, userIds: [userId] });
/** Dexcom knows no such tokens. */
const importOf = ({ userId }: Person) => ({
  provider: PROVIDER,
  waitForCompletion: true,
  connections: [{ userId, accessToken: 'unknown', refreshToken: 'unknown', providerId: 'somebody', expiresAt: 1 }],
});

/** Dexcom's own page, which comes back here with the link token. */
const signIn = ({ apiUrl, dexcomUrl, subject: { linkToken } }: World) => {
  const back = encodeURIComponent(`${apiUrl}/v2/link/connect/${PROVIDER}`);
  return expect.stringMatching(new RegExp(`^${dexcomUrl}/.*redirect_uri=${back}&.*state=${linkToken}`));
};

const source = { ...dexcom, id: 27, description: expect.stringContaining('Dexcom') };
const operation = (type: string, status: string, failed: readonly string[]) => ({
  id: uuid,
  type,
  status,
  provider: PROVIDER,
  pending: 0,
  processed: 1,
  startedAt: lately,
  endedAt: lately,
  user_ids_failed: failed,
});

export const linkMethods: readonly Method[] = [
  {
    name: 'link.token',
    junction: (c, world) => c.link.token(askedFor(world)),
    vital: (c, world) => c.link.token(askedFor(world)),
    gives: ({ apiUrl, person, subject: { userId } }) => ({
      linkToken: tokenThatSays({ user_id: userId, team_id: person.teamId }),
      linkWebUrl: expect.stringMatching(new RegExp(`^${apiUrl}/link\\?token=[\\w-]+\\.[\\w-]+\\.[\\w-]+$`)),
    }),
  },
  {
    name: 'link.generateOauthLink',
    junction: (c, { subject }) => c.link.generateOauthLink({ oauthProvider: PROVIDER, vitalLinkToken: subject.linkToken }),
    vital: (c, { subject }) => c.link.generateOauthLink(PROVIDER, { vitalLinkToken: subject.linkToken }),
    gives: (world) => ({ ...source, authType: 'oauth', isActive: true, oauthUrl: signIn(world) }),
  },
  {
    name: 'link.getAllProviders',
    junction: (c, { subject }) => c.link.getAllProviders({ vitalLinkToken: subject.linkToken }),
    vital: (c, { subject }) => c.link.getAllProviders({ vitalLinkToken: subject.linkToken }),
    gives: () => [{ ...source, authType: 'oauth', is_active: true }],
  },
  {
    name: 'link.connectPasswordProvider',
    junction: (c, { subject }) =>
      c.link.connectPasswordProvider({ provider: 'dexcom', vitalLinkToken: subject.linkToken, username: 'a', password: 'b' }),
    vital: (c, { subject }) =>
      c.link.connectPasswordProvider('dexcom', { vitalLinkToken: subject.linkToken, username: 'a', password: 'b' }),
    gives: null,
  },
  {
    name: 'link.completePasswordProviderMfa',
    junction: (c, { subject }) =>
      c.link.completePasswordProviderMfa({ provider: 'dexcom', vitalLinkToken: subject.linkToken, mfaCode: '1' }),
    vital: (c, { subject }) => c.link.completePasswordProviderMfa('dexcom', { vitalLinkToken: subject.linkToken, mfaCode: '1' }),
    gives: null,
  },
  {
    name: 'link.connectEmailAuthProvider',
    junction: (c, { subject }) =>
      c.link.connectEmailAuthProvider({ provider: 'freestyle_libre', vitalLinkToken: subject.linkToken, email: 'a@b.example' }),
    vital: (c, { subject }) =>
      c.link.connectEmailAuthProvider('freestyle_libre', { vitalLinkToken: subject.linkToken, email: 'a@b.example' }),
    gives: null,
  },
  {
    name: 'link.connectDemoProvider',
    junction: (c, { subject: { userId } }) => c.link.connectDemoProvider({ userId, provider: 'fitbit' }),
    vital: (c, { subject: { userId } }) => c.link.connectDemoProvider({ userId, provider: 'fitbit' }),
    gives: null,
  },
  {
    name: 'link.codeCreate',
    junction: (c, { subject }) => c.link.codeCreate(subject),
    vital: (c, { subject }) => c.link.codeCreate(subject),
    gives: null,
  },
  {
    name: 'link.bulkTriggerHistoricalPull',
    junction: (c, { person }) => c.link.bulkTriggerHistoricalPull({ ...bulkOf(person), waitForCompletion: true }),
    vital: (c, { person }) => c.link.bulkTriggerHistoricalPull({ ...bulkOf(person), waitForCompletion: true }),
    gives: ({ person: { userId } }) => ({ user_ids_triggered: [userId], user_ids_failed: [] }),
  },
  {
    name: 'link.bulkImport',
    junction: (c, { person }) => c.link.bulkImport(importOf(person)),
    vital: (c, { person }) => c.link.bulkImport(importOf(person)),
    gives: ({ person: { userId } }) => ({ userIdsImported: [], userIdsFailed: [userId] }),
  },
  {
    name: 'link.bulkExport',
    junction: (c, { person }) => c.link.bulkExport(bulkOf(person)),
    vital: (c, { person }) => c.link.bulkExport(bulkOf(person)),
    gives: ({ person: { userId, accountId } }) => ({
      data: [
        {
          userId,
          providerId: accountId,
          accessToken: expect.stringMatching(/^at_/),
          refreshToken: expect.stringMatching(/^rt_/),
          expiresAt: expect.any(Number),
          oauthScopes: ['offline_access'],
        },
      ],
    }),
  },
  {
    // What the two clients have begun by now, newest first.
    name: 'link.listBulkOps',
    junction: (c) => c.link.listBulkOps(),
    vital: (c) => c.link.listBulkOps(),
    gives: ({ person: { userId } }) => {
      const imported = operation('link_bulk_import', 'failure', [userId]);
      const triggered = operation('link_bulk_historical_trigger', 'success', []);
      return { data: [imported, imported, triggered, triggered] };
    },
  },
  {
    name: 'link.isTokenValid',
    junction: null,
    vital: (c, { subject }) => c.link.isTokenValid({ token: subject.linkToken }),
    gives: () => ({ is_valid: true }),
  },
  {
    name: 'link.startConnect',
    junction: null,
    vital: (c, { subject }) => c.link.startConnect({ linkToken: subject.linkToken, provider: PROVIDER }),
    gives: (world) => ({ ...source, auth_type: 'oauth', oauth_url: signIn(world) }),
  },
  {
    name: 'link.tokenState',
    junction: null,
    vital: (c, { subject }) => c.link.tokenState({ vitalLinkToken: subject.linkToken }),
    gives: ({ subject }) => ({ user_id: subject.userId, provider: PROVIDER, redirect_url: null }),
  },
  {
    name: 'link.emailAuth',
    junction: null,
    vital: (c, { subject }) =>
      c.link.emailAuth({ vitalLinkToken: subject.linkToken, email: 'a@b.example', provider: 'freestyle_libre', authType: 'email' }),
    gives: null,
  },
  {
    name: 'link.passwordAuth',
    junction: null,
    vital: (c, { subject }) =>
      c.link.passwordAuth({ vitalLinkToken: subject.linkToken, username: 'a', password: 'b', provider: 'dexcom', authType: 'password' }),
    gives: null,
  },
  {
    name: 'link.connectManualProvider',
    junction: null,
    vital: (c, { subject }) => c.link.connectManualProvider('manual', subject),
    gives: null,
  },
];

/** Pausing stops the person, who is everybody's. */
export const pausing: Method = {
  name: 'link.bulkPause',
  junction: async (c, { person, subject }) => ({
    answer: await c.link.bulkPause({ provider: PROVIDER, userIds: [person.userId, subject.userId] }),
    ...(await c.user.getConnectedProviders(person)),
  }),
  vital: async (c, { person, subject }) => ({
    answer: await c.link.bulkPause({ provider: PROVIDER, userIds: [person.userId, subject.userId] }),
    ...(await c.user.getConnectedProviders(person.userId)),
  }),
  gives: ({ person, subject }) => ({
    answer: { user_ids_paused: [person.userId], user_ids_failed: [subject.userId] },
    providers: [{ slug: PROVIDER, status: 'paused' }],
  }),
};
