import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyring } from '../../src/security/keyring';
import type { Database } from '../../src/storage/database';
import { DexcomCredentials } from '../../src/storage/dexcomCredentials';
import { freshDatabase } from './freshDatabase';

const keyring = createKeyring([{ kid: 'k', key: new Uint8Array(randomBytes(32)) }]);
const app = (name: string) => ({ clientId: name, clientSecret: `secret of ${name}` });

describe('a team’s own Dexcom credentials', () => {
  let database: Database;
  let credentials: DexcomCredentials;

  beforeAll(async () => {
    database = await freshDatabase();
    credentials = new DexcomCredentials(database.db, keyring);
  });
  afterAll(() => database.close());

  const secretOf = async (teamId: string, clientId?: string) => (await credentials.find(teamId, 'eu', clientId))?.clientSecret ?? null;

  test('are one app in use per region, and every former one by its id', async () => {
    const team = randomUUID();
    const first = await credentials.put(team, 'eu', app('one'));
    const second = await credentials.put(team, 'eu', { ...app('two'), redirectUri: 'https://app.example/oauth' });
    expect(second).toMatchObject({
      credentialsId: first.credentialsId,
      createdAt: first.createdAt,
      redirectUri: 'https://app.example/oauth',
    });
    expect(await Promise.all([secretOf(team), secretOf(team, 'one'), secretOf(team, 'three')])).toEqual([
      'secret of two',
      'secret of one',
      null,
    ]);
    expect(await credentials.find(team, 'us')).toBeNull();
    expect(await credentials.find(randomUUID(), 'eu', 'one')).toBeNull();
  });

  test('a new secret of the same app replaces the old one', async () => {
    const team = randomUUID();
    await credentials.put(team, 'eu', app('one'));
    await credentials.put(team, 'eu', { clientId: 'one', clientSecret: 'rotated' });
    expect(await secretOf(team, 'one')).toBe('rotated');
  });

  test('once withdrawn are in use nowhere, and known to the grants they issued', async () => {
    const team = randomUUID();
    await credentials.put(team, 'eu', app('one'));
    expect(await credentials.withdraw(team, 'eu')).toBe(true);
    expect(await credentials.withdraw(team, 'eu')).toBe(false);
    expect([await secretOf(team), await secretOf(team, 'one')]).toEqual([null, 'secret of one']);
    expect([await credentials.list(team), await credentials.regionsOf(team)]).toEqual([[], []]);
  });

  test('put by many at once are all kept, one of them in use', async () => {
    const team = randomUUID();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(names.map((name) => credentials.put(team, 'eu', app(name))));
    expect(await Promise.all(names.map((name) => secretOf(team, name)))).toEqual(names.map((name) => `secret of ${name}`));
    expect(await credentials.list(team)).toHaveLength(1);
  });

  test('are sealed where they lie, each for its own app', async () => {
    const team = randomUUID();
    await credentials.put(team, 'eu', app('one'));
    await credentials.put(team, 'eu', app('two'));
    const docs = database.db.collection<{ _id: string; apps: { clientId: string }[] }>('dexcom_credentials');
    const stored = await docs.findOne({ _id: `${team}:eu` });
    expect(JSON.stringify(stored)).not.toContain('secret of');
    await docs.updateOne({ _id: `${team}:eu` }, { $set: { 'apps.0.clientId': 'two', 'apps.1.clientId': 'one' } });
    await expect(secretOf(team, 'one')).rejects.toThrow();
  });
});
