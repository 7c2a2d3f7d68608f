import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyring } from '../../src/security/keyring';
import type { Database } from '../../src/storage/database';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { openEndpoint } from '../../src/webhooks/openEndpoint';
import { rotateSecret } from '../../src/webhooks/rotateSecret';
import { newSecret } from '../../src/webhooks/signature';
import { freshDatabase } from '../storage/freshDatabase';
import { anEndpoint } from './samples';

describe('an endpoint whose encryption key is lost', () => {
  let database: Database;
  let endpoints: WebhookEndpoints;
  const keyring = createKeyring([{ kid: 'k2', key: randomBytes(32) }]);

  beforeAll(async () => {
    database = await freshDatabase();
    endpoints = new WebhookEndpoints(database.db);
  });
  afterAll(() => database.close());

  test.each([
    ['a key of one’s own', newSecret()],
    ['a new one', null],
  ])('is posted to again once its secret is rotated to %s: what cannot be opened signs no more', async (_, key) => {
    const endpoint = anEndpoint({ teamId: randomUUID() });
    const scope = { teamId: endpoint.teamId, environment: endpoint.environment };
    await endpoints.insert({ ...endpoint, formerSecrets: [{ secret: endpoint.secret, until: Date.now() + 60_000 }] });
    expect(() => openEndpoint(keyring, endpoint, Date.now())).toThrow('no encryption key k1');

    expect(await rotateSecret({ endpoints, keyring }, scope, endpoint._id, { key, keepMs: 60_000 })).toBe('rotated');
    const rotated = await endpoints.get(scope, endpoint._id);
    const { secrets } = openEndpoint(keyring, rotated ?? endpoint, Date.now());
    expect(secrets).toEqual([key ?? expect.stringMatching(/^whsec_/)]);
  });
});
