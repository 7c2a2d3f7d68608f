import { createKey } from '../../src/admin/createKey';
import { createTeam } from '../../src/admin/createTeam';
import { listCredentials, removeCredentials } from '../../src/admin/credentials';
import { listKeys } from '../../src/admin/listKeys';
import { setTeam } from '../../src/admin/setTeam';
import { createKeyring, parseKeys } from '../../src/security/keyring';
import { ApiKeys } from '../../src/storage/apiKeys';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { IntegrationTeamIds } from '../../src/storage/integrationTeamIds';
import { Teams } from '../../src/storage/teams';
import { type OwnPrograms, openPrograms } from '../ownPrograms';

let programs: OwnPrograms;

beforeAll(async () => {
  programs = await openPrograms();
});
afterAll(() => programs?.close());

const db = () => programs.database.db;

describe('npm run admin', () => {
  const stores = () => ({ teams: new Teams(db()), apiKeys: new ApiKeys(db()), integrationTeamIds: new IntegrationTeamIds(db()) });
  const key = (request: object) => createKey(stores(), { label: '', ...request });
  const someTeam = async (): Promise<string> => (await createTeam(new Teams(db()), { name: 'some', redirectUrl: [] })).teamId;

  test('makes teams of one organisation, and keys that are shown once', async () => {
    const url = 'https://app.example/connected';
    const team = await programs.admin('team', 'create', '--name', 'first', '--redirect-url', url, '--redirect-url', 'myapp://done');
    const other = await programs.admin('team', 'create', '--name', 'second');
    expect(other.orgId).toBe(team.orgId);
    expect(await db().collection('teams').findOne({ name: 'first' })).toMatchObject({ redirectUrls: [url, 'myapp://done'] });

    const key = await programs.admin(
      'key',
      'create',
      '--team',
      team.teamId,
      '--label',
      'ours',
      '--scopes',
      'users:read,glucose:read',
      '--expires',
      '90d',
    );
    expect(key).toMatchObject({
      key: expect.stringMatching(/^sk_continuo_[\w-]{43}$/),
      teamId: team.teamId,
      label: 'ours',
      scopes: ['users:read', 'glucose:read'],
    });
    expect(Math.round((Date.parse(key.expiresAt) - Date.now()) / 86_400_000)).toBe(90);
    const management = await programs.admin('key', 'create', '--management');
    expect(management).toMatchObject({
      key: expect.stringMatching(/^mk_continuo_/),
      teamId: null,
      scopes: ['management'],
      expiresAt: null,
    });
    expect(await programs.admin('key', 'revoke', '--id', key.keyId)).toMatchObject({ revoked: true });
    expect(await programs.admin('key', 'revoke', '--id', key.keyId)).toMatchObject({ revoked: false });
  });

  test('changes what is said of a team, and nothing else', async () => {
    const { teamId } = await createTeam(new Teams(db()), { name: 'changing', redirectUrl: ['https://app.example/cb'] });
    const change = ['--reject-duplicates', 'yes', '--push-history', 'yes', '--history-days', '90', '--integration-id', 'ours'];
    expect(await programs.admin('team', 'set', '--id', teamId, ...change)).toMatchObject({
      name: 'changing',
      redirectUrls: ['https://app.example/cb'],
      rejectDuplicates: true,
      pushHistory: true,
      historyDays: 90,
      integrationTeamId: 'ours',
    });
    expect(await new Teams(db()).byId(teamId)).toMatchObject({
      pushHistoricalData: true,
      pullPreferences: { historicalDaysToPull: 90 },
    });
    const back = await setTeam(stores(), { id: teamId, historyDays: 'all', integrationId: 'none' });
    expect(back).toMatchObject({ historyDays: 'all', integrationTeamId: null, rejectDuplicates: true });
  });

  test('removes a team that has no users, with its keys', async () => {
    const teamId = await someTeam();
    const made = await key({ team: teamId });
    expect(await programs.admin('team', 'remove', '--id', teamId)).toEqual({ teamId, removed: true });
    expect(await new Teams(db()).byId(teamId)).toBeNull();
    expect(JSON.stringify(await listKeys(stores(), {}))).not.toContain(made.keyId);
  });

  test('removes no team that has users, and none that is not there', async () => {
    const teamId = await someTeam();
    await db().collection('users').insertOne({ teamId, deletion: null });
    await expect(programs.admin('team', 'remove', '--id', teamId)).rejects.toThrow(`--id ${teamId} has users (1): delete them first`);
    expect(await new Teams(db()).byId(teamId)).not.toBeNull();
    await expect(programs.admin('team', 'remove', '--id', 'x')).rejects.toThrow('--id x is no team');
  });

  test('lists keys without a secret, a team’s or all', async () => {
    const teamId = await someTeam();
    const made = await key({ team: teamId, label: 'listed' });
    const listed = await programs.admin('key', 'list', '--team', teamId);
    expect(listed).toMatchObject([{ keyId: made.keyId, label: 'listed', lastFour: made.key.slice(-4), lastUsedAt: null }]);
    expect(JSON.stringify(await listKeys(stores(), {}))).toMatch(made.keyId);
    expect(JSON.stringify(listed)).not.toContain(made.key);
  });

  test('brings a team’s Dexcom app along, its secret by standard input and never printed', async () => {
    const teamId = await someTeam();
    const args = ['credentials', 'set', '--team', teamId, '--region', 'eu', '--client-id', 'their-app', '--json'];
    const set = await programs.run('src/admin.ts', args, {}, 'canary-client-secret\n');
    expect([set.code, JSON.parse(set.stdout)]).toEqual([0, expect.objectContaining({ region: 'eu', clientId: 'their-app' })]);
    expect(set.stdout + set.stderr).not.toContain('canary-client-secret');

    const credentials = new DexcomCredentials(db(), createKeyring(parseKeys(programs.encryptionKeys)));
    expect(await credentials.find(teamId, 'eu')).toMatchObject({ clientId: 'their-app', clientSecret: 'canary-client-secret' });
    const listed = await listCredentials(credentials, teamId);
    expect([listed.length, JSON.stringify(listed)]).toEqual([1, expect.not.stringContaining('canary-client-secret')]);
    expect(await removeCredentials(credentials, { team: teamId, region: 'eu' })).toEqual({ region: 'eu', removed: true });
    await expect(removeCredentials(credentials, { team: teamId, region: 'mars' })).rejects.toThrow(/--region mars is none of us/);
  });

  test.each([
    ['neither yes nor no', { pushHistory: 'perhaps' }, /--push-history perhaps is neither yes nor no/],
    ['days that are none', { historyDays: '0' }, /--history-days 0 is neither all nor a number/],
    ['a redirect that runs', { redirectUrl: ['javascript:alert(1)'] }, /--redirect-url javascript/],
    ['nothing', {}, /nothing is said/],
    ['a team that is none', { id: 'x', name: 'x' }, /--id x is no team/],
  ])('sets a team to nothing with %s, naming the option', async (_, setting, words) => {
    await expect(setTeam(stores(), { id: await someTeam(), ...setting })).rejects.toThrow(words);
  });

  test.each([
    ['no team', () => key({}), /--team <id> or --management is needed/],
    ['a team that is none', () => key({ team: 'x' }), /--team x does not exist/],
    ['both at once', () => key({ team: 'x', management: true }), /--team and --management exclude each other/],
    ['an organisation without a team', () => key({ management: true, org: 'x' }), /--org x has no team yet/],
    [
      'a scope that is none',
      async () => key({ team: await someTeam(), scopes: 'users:read,everything' }),
      /--scopes everything is none of users:read/,
    ],
    ['a time that is none', async () => key({ team: await someTeam(), expires: 'soon' }), /--expires soon is neither/],
    ['a time that is over', async () => key({ team: await someTeam(), expires: '2020-01-01' }), /--expires 2020-01-01 is over/],
    [
      'a redirect that is none',
      () => createTeam(new Teams(db()), { name: 'x', redirectUrl: ['here'] }),
      /--redirect-url here is not a URL/,
    ],
    [
      'an organisation that no path could name',
      () => createTeam(new Teams(db()), { name: 'x', redirectUrl: [], org: 'a/b' }),
      /--org a\/b is no id of an organisation/,
    ],
  ] as const)('refuses %s, naming the option', async (_, make, words) => {
    await expect(make()).rejects.toThrow(words);
  });

  test('says what was wrong, without a stack', async () => {
    const { code, stderr } = await programs.run('src/admin.ts', ['key', 'create', '--team', 'x']);
    expect([code, stderr.trim()]).toEqual([1, 'error: --team x does not exist']);
  });

  test('needs no more than the database, and names what is missing', async () => {
    const { code, stderr } = await programs.run('src/admin.ts', ['team', 'list'], { MONGODB_URI: '', DEXCOM_CLIENT_ID: '' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('MONGODB_URI is not set')]);
    expect((await programs.run('src/admin.ts', ['team', 'list'], { DEXCOM_CLIENT_ID: '', TEMPORAL_ADDRESS: '' })).code).toBe(0);
  });
});
