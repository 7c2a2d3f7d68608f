import { randomBytes } from 'node:crypto';
import { ConfigError, configSummary, loadConfig } from '../../src/config';

const KEY = `k1:${randomBytes(32).toString('base64')}`;
const complete = {
  TEMPORAL_ADDRESS: 'localhost:7233',
  MONGODB_URI: 'mongodb://someone:hunter2@localhost:27017/?x=1',
  CONTINUO_ENCRYPTION_KEYS: KEY,
  DEXCOM_CLIENT_ID: 'an-app',
  DEXCOM_CLIENT_SECRET: 'the-app-secret',
  DEXCOM_REGION: 'eu',
};

describe('the configuration', () => {
  test('needs no more than addresses, keys and a Dexcom app', () => {
    expect(loadConfig(complete)).toMatchObject({
      temporal: { address: 'localhost:7233', namespace: 'default', queuePrefix: '' },
      mongodb: { database: 'continuo' },
      http: { host: '127.0.0.1', port: 3000, publicUrl: 'http://localhost:3000' },
      dexcom: {
        current: [{ region: 'eu', baseUrl: 'https://api.dexcom.eu', clientId: 'an-app', clientSecret: 'the-app-secret' }],
        former: [],
        answerWithinMs: 60_000,
      },
      cadenceMs: 300_000,
      webhookAllowedHosts: [],
      webhookAllowedPorts: [443, 8443],
      metricsPort: null,
    });
  });

  test.each([
    ['TEMPORAL_ADDRESS', undefined],
    ['TEMPORAL_ADDRESS', 'http://localhost:7233'],
    ['MONGODB_URI', ''],
    ['WEBHOOK_ALLOWED_PORTS', '443,https'],
    ['WEBHOOK_ALLOWED_PORTS', '443,65536'],
    ['WEBHOOK_ALLOWED_PORTS', ','],
    ['MONGODB_URI', 'postgres://localhost'],
    ['MONGODB_DATABASE', 'a/b'],
    ['CONTINUO_ENCRYPTION_KEYS', undefined],
    ['CONTINUO_ENCRYPTION_KEYS', 'k1:c2hvcnQ='],
    ['CONTINUO_ENCRYPTION_KEYS', `k1:${Buffer.alloc(32, 'changeme').toString('base64')}`],
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['PUBLIC_URL', 'ftp://example.org'],
    ['PUBLIC_URL', 'https://example.org/?a=b'],
    ['DEXCOM_CLIENT_SECRET', undefined],
    ['DEXCOM_REGION', 'mars'],
    ['DEXCOM_REGION', undefined],
    ['DEXCOM_REGION', 'us,us'],
    ['DEXCOM_REGION', 'us,mars'],
    ['DEXCOM_APPS', 'eu:an-app'],
    ['DEXCOM_APPS', 'us:an-app:a-secret'],
    ['DEXCOM_FORMER_APPS', 'mars:an-app:a-secret'],
    ['READING_INTERVAL', '5'],
    ['READING_INTERVAL', '2h'],
    ['READING_INTERVAL', '1s'],
    ['READING_INTERVAL', '10 apples'],
    ['LOG_LEVEL', 'loud'],
    ['METRICS_PORT', '-1'],
  ])('is refused with the name of the wrong variable: %s=%s', (name, value) => {
    expect(() => loadConfig({ ...complete, [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig({ ...complete, [name]: value })).toThrow(new RegExp(`^  ${name} `, 'm'));
  });

  test('names every wrong variable at once and repeats no value', () => {
    const load = () => loadConfig({ ...complete, PORT: 'secret-port', CONTINUO_ENCRYPTION_KEYS: 'k1:secret-key' });
    expect(load).toThrow(/PORT[\s\S]*CONTINUO_ENCRYPTION_KEYS|CONTINUO_ENCRYPTION_KEYS[\s\S]*PORT/);
    expect(load).not.toThrow(/secret-/);
  });

  test('names everything that an empty environment lacks, the region too, and each once', () => {
    const named = (environment: Record<string, string>): string[] => {
      try {
        loadConfig(environment);
        return [];
      } catch (error) {
        return [...String(error).matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name ?? '').toSorted();
      }
    };
    expect(named({})).toEqual([
      'CONTINUO_ENCRYPTION_KEYS',
      'DEXCOM_CLIENT_ID',
      'DEXCOM_CLIENT_SECRET',
      'DEXCOM_REGION',
      'MONGODB_URI',
      'TEMPORAL_ADDRESS',
    ]);
    expect(named({ ...complete, DEXCOM_REGION: 'mars', PORT: 'http' })).toEqual(['DEXCOM_REGION', 'PORT']);
  });

  test('takes one of region and address, not both', () => {
    const own = { ...complete, DEXCOM_BASE_URL: 'http://127.0.0.1:4000/' };
    expect(() => loadConfig(own)).toThrow(/DEXCOM_REGION and DEXCOM_BASE_URL are both set/);
    expect(loadConfig({ ...own, DEXCOM_REGION: '' }).dexcom.current).toMatchObject([
      { region: 'simulator', baseUrl: 'http://127.0.0.1:4000' },
    ]);
  });

  test('takes several regions, the default first, each with the same app or one of its own, and a simulator among them', () => {
    const { current, former } = loadConfig({
      ...complete,
      DEXCOM_REGION: 'us, EU,simulator',
      DEXCOM_BASE_URL: 'http://127.0.0.1:4000/',
      DEXCOM_APPS: 'eu:european-app:its:secret',
      DEXCOM_FORMER_APPS: 'us:old-app:old-secret,jp:older-app:older-secret',
    }).dexcom;
    const same = { clientId: 'an-app', clientSecret: 'the-app-secret' };
    expect(current).toEqual([
      { region: 'us', baseUrl: 'https://api.dexcom.com', ...same },
      { region: 'eu', baseUrl: 'https://api.dexcom.eu', clientId: 'european-app', clientSecret: 'its:secret' },
      { region: 'simulator', baseUrl: 'http://127.0.0.1:4000', ...same },
    ]);
    expect(former).toEqual([
      { region: 'us', baseUrl: 'https://api.dexcom.com', clientId: 'old-app', clientSecret: 'old-secret' },
      { region: 'jp', baseUrl: 'https://api.dexcom.jp', clientId: 'older-app', clientSecret: 'older-secret' },
    ]);
  });

  test.each([
    ['10s', 10_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['2000ms', 2_000],
  ])('reads a sensor interval of %s', (text, ms) => {
    expect(loadConfig({ ...complete, READING_INTERVAL: text }).cadenceMs).toBe(ms);
  });

  test('is shown without a password, a secret or a key', () => {
    const apps = { DEXCOM_APPS: 'eu:other-app:other-secret', DEXCOM_FORMER_APPS: 'eu:old-app:old-secret' };
    const shown = JSON.stringify(configSummary(loadConfig({ ...complete, ...apps })));
    for (const secret of ['hunter2', 'the-app-secret', 'other-secret', 'old-secret', KEY.slice(3)]) expect(shown).not.toContain(secret);
    expect(shown).toContain('mongodb://***@localhost:27017');
    expect(shown).toContain('["k1"]');
  });
});
