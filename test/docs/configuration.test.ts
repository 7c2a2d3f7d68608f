import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, environmentVariables, loadConfig } from '../../src/config';
import { redirectUriOf } from '../../src/connect/connectServices';
import { codes, tableRows } from './table';

const rows = tableRows('docs/configuration.md', 'variable').map(([variable = '', byDefault = '']) => ({
  name: codes(variable)[0] ?? '',
  byDefault,
}));

const least: Record<string, string> = {
  TEMPORAL_ADDRESS: 'localhost:7233',
  MONGODB_URI: 'mongodb://localhost',
  CONTINUO_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  DEXCOM_CLIENT_ID: 'id',
  DEXCOM_CLIENT_SECRET: 'secret',
  DEXCOM_REGION: 'us',
};

describe('docs/configuration.md', () => {
  test('lists every variable, and no other', () => {
    expect(rows.map(({ name }) => name)).toEqual([...environmentVariables]);
  });

  test('calls those required without which nothing starts', () => {
    const required = rows.filter(({ byDefault }) => byDefault === 'required').map(({ name }) => name);
    expect(required).toEqual(namedBy(() => loadConfig({ DEXCOM_REGION: 'us' })));
  });

  test.each(['DEXCOM_REGION', 'DEXCOM_BASE_URL'])('says that one of the two Dexcom addresses is needed (%s)', (name) => {
    expect(rows.find((row) => row.name === name)?.byDefault).toBe('one of the two');
    const { DEXCOM_REGION: _, ...neither } = least;
    expect(() => loadConfig({ ...neither, [name]: name === 'DEXCOM_REGION' ? 'eu' : 'http://localhost:1' })).not.toThrow();
    expect(() => loadConfig(neither)).toThrow(ConfigError);
  });

  test.each(rows.filter(({ byDefault }) => byDefault.startsWith('`')))('tells the default of $name', ({ name, byDefault }) => {
    const shown = (codes(byDefault)[0] ?? '').replace('<PORT>', '3000');
    const { encryptionKeys: _, ...silent } = loadConfig(least);
    const { encryptionKeys: __, ...said } = loadConfig({ ...least, [name]: shown });
    expect(said).toEqual(silent);
  });
});

test.each(['docs/configuration.md', 'docker-compose.yml', 'README.md'])('%s tells the redirect URI that is to be registered', (page) => {
  expect(readFileSync(page, 'utf8')).toContain(redirectUriOf({ publicUrl: '<PUBLIC_URL>' }, { redirectUri: null }));
});

function namedBy(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return [...error.message.matchAll(/^ {2}(\w+) /gm)].map(({ 1: name = '' }) => name);
    throw error;
  }
  return [];
}
