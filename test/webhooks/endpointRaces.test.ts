import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/storage/database';
import type { WebhookEndpointDoc } from '../../src/storage/webhookEndpointDoc';
import { WebhookEndpoints } from '../../src/storage/webhookEndpoints';
import { rotateSecret } from '../../src/webhooks/rotateSecret';
import { freshDatabase } from '../storage/freshDatabase';
import { gatedDb } from '../sync/gatedDb';
import { anEndpoint, keyring } from './samples';

describe('an endpoint that two change at once', () => {
  let database: Database;
  let endpoints: WebhookEndpoints;
  const teamId = randomUUID();
  const environment = 'production';
  const scope = { teamId, environment } as const;

  beforeAll(async () => {
    database = await freshDatabase();
    endpoints = new WebhookEndpoints(database.db);
  });
  afterAll(() => database.close());

  const add = async (given: Partial<WebhookEndpointDoc>): Promise<WebhookEndpointDoc> => {
    const endpoint = anEndpoint({ ...scope, ...given, updatedAt: Date.now() - 1_000 });
    await endpoints.insert(endpoint);
    return endpoint;
  };
  const read = async ({ _id }: WebhookEndpointDoc) => endpoints.get(scope, _id);

  /** Endpoints of a process in which somebody else comes in between, once, before its n-th update. */
  const interrupted = (update: number, meanwhile: () => Promise<unknown>): WebhookEndpoints => {
    let updates = 0;
    return new WebhookEndpoints(
      gatedDb(database.db, async (_, name) => {
        if (name === 'webhook_endpoints.updateOne' && updates++ === update) await meanwhile();
      }),
    );
  };

  test('has its secret rotated, and nothing signs any more that was ended meanwhile', async () => {
    const endpoint = await add({});
    await rotateSecret({ endpoints, keyring }, scope, endpoint._id, { key: null, keepMs: 60_000 });
    const leaked = (await read(endpoint))?.formerSecrets[0]?.secret.ct;
    const ending = interrupted(0, () => endpoints.dropFormerSecrets(scope, endpoint._id, Date.now() + 1));
    expect(await rotateSecret({ endpoints: ending, keyring }, scope, endpoint._id, { key: null, keepMs: 60_000 })).toBe('rotated');
    const former = (await read(endpoint))?.formerSecrets.map(({ secret }) => secret.ct);
    expect(former).toHaveLength(1);
    expect(former).not.toContain(leaked);
  });

  test('names neither of two users who are erased', async () => {
    const [ada, ben, cy] = [randomUUID(), randomUUID(), randomUUID()];
    const endpoint = await add({ userIds: [ada, ben, cy] });
    await interrupted(0, () => endpoints.forgetUser(teamId, ben)).forgetUser(teamId, ada);
    expect((await read(endpoint))?.userIds).toEqual([cy]);
  });

  test('moved to two URLs is judged by neither for what the other one did', async () => {
    const endpoint = await add({ failingSince: 1, warnedPercent: 90 });
    const moveTo = (to: string, by = endpoints) => by.change(scope, endpoint._id, { url: to }, Date.now());
    const elsewhere = `${endpoint.url}/elsewhere`;
    const meanwhile = async () => {
      await moveTo(elsewhere);
      await endpoints.noteFailing({ ...endpoint, url: elsewhere }, 2);
    };
    // It has this URL when it is looked at, and another one when it is given this one.
    await moveTo(endpoint.url, interrupted(0, meanwhile));
    expect(await read(endpoint)).toMatchObject({ url: endpoint.url, failingSince: null, warnedPercent: 0 });
  });

  test('says nothing of having been disabled once it is enabled', async () => {
    const endpoint = await add({});
    const enable = () => endpoints.change(scope, endpoint._id, { disabled: false }, Date.now());
    await interrupted(1, enable).change(scope, endpoint._id, { disabled: true }, Date.now());
    expect(await read(endpoint)).toMatchObject({ disabled: false, disabledReason: null, disabledAt: null });
  });
});
