import { createHash, randomBytes } from 'node:crypto';
import { createKey, type KeyRequest } from '../../src/admin/createKey';
import { createApp } from '../../src/api/app';
import { hashApiKey } from '../../src/security/apiKeys';
import { teamScopes, usualTeamScopes } from '../../src/storage/apiKeys';
import { newManagementKey } from '../../src/teams/newKey';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';
import { type Operation, operationsOf } from './contractOf';
import { everyRoute, openRoutes } from './everyRoute';
import { happyCases } from './happyCases';
import { filled, newLinkToken, type PlacedCall, placed } from './placed';

let world: ApiWorld;
let ours: App;
let theirs: App;
let operations: readonly Operation[];

beforeAll(async () => {
  world = await openApiWorld();
  [ours, theirs] = [await world.newApp(), await world.newApp()];
  operations = await operationsOf(world);
});
afterAll(() => world?.close());

const HEADERS = { team: 'x-vital-api-key', management: 'x-management-key', link: 'x-vital-link-token' } as const;
type Kind = keyof typeof HEADERS;

const call = ({ method, path, body }: PlacedCall, kind: Kind, key: string): Promise<Answer> =>
  send(world.url, method, path, body, { [HEADERS[kind]]: key });

const newKey = async (app: App, kind: Kind, change: Partial<KeyRequest> = {}): Promise<string> => {
  if (kind === 'link') return newLinkToken(world.services, app);
  const owner = kind === 'management' ? { management: true, org: app.orgId } : { team: app.teamId, scopes: teamScopes.join(',') };
  return (await createKey(world.services, { label: '', ...owner, ...change })).key;
};

const expired = async (app: App, kind: Kind): Promise<string> => {
  const key = await newKey(app, kind, { expires: '1d' });
  await world.db.collection<{ _id: string }>('api_keys').updateOne({ _id: hashApiKey(key) }, { $set: { expiresAt: Date.now() - 1 } });
  return key;
};

const revoked = async (app: App, kind: Kind): Promise<string> => {
  const key = await newKey(app, kind);
  await world.db.collection<{ _id: string }>('api_keys').deleteOne({ _id: hashApiKey(key) });
  return key;
};

const kindsOf = ({ opener }: Operation): readonly Kind[] => (opener === 'either' ? ['team', 'management'] : opener ? [opener] : []);
const operation = (name: string): Operation => {
  const found = operations.find((known) => known.name === name);
  if (!found) throw new Error(`${name} is in test/api/everyRoute.ts, but not in the API’s contract`);
  return found;
};

describe('the table of routes', () => {
  test('has every route there is: a new one needs a line in test/api/everyRoute.ts', () => {
    const registered = createApp(world.services)
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const known = [...Object.keys(everyRoute), ...Object.keys(openRoutes)];
    expect({ missing: [...new Set(registered)].filter((name) => !known.includes(name)) }).toEqual({ missing: [] });
    expect({ gone: known.filter((name) => !registered.includes(name)) }).toEqual({ gone: [] });
  });

  test('has a file for each route that is offered, where what it does is tested: a new one needs a line in test/api/happyCases.ts', () => {
    const offered = [...Object.keys(everyRoute).filter((name) => !everyRoute[name]?.notOffered), ...Object.keys(openRoutes)];
    expect(Object.values(happyCases).flat().sort()).toEqual(offered.sort());
  });

  test('lets nothing in without a key but what it says why', () => {
    const open = operations.filter(({ opener }) => opener === null).map(({ name }) => name);
    expect(open.filter((name) => !(name in openRoutes))).toEqual([]);
    expect(operations.filter(({ name, opener }) => opener !== null && name in openRoutes)).toEqual([]);
  });
});

describe.each(Object.keys(everyRoute))('%s', (name) => {
  test('opens to nobody without a key, nor with one that is made up, expired or revoked', async () => {
    const request = await placed(world.services, ours, name);
    const refusals = operation(name).opener === 'link' ? [400, 401] : [401];
    expect(refusals).toContain((await send(world.url, request.method, request.path, request.body, {})).status);
    for (const kind of kindsOf(operation(name))) {
      const keys = [randomBytes(40).toString('base64url'), 'eyJhbGciOiJub25lIn0.e30.', 'eyJhbGciOiJub25lIn0.e30.AAAA'];
      if (kind !== 'link') keys.push(await expired(ours, kind), await revoked(ours, kind));
      for (const key of keys) expect((await call(request, kind, key)).status).toBe(401);
    }
  });

  test('does not open to a key that lacks the scope, or the role', async () => {
    const { opener, scope, role } = operation(name);
    const request = await placed(world.services, ours, name);
    if (opener === 'team' || opener === 'either') {
      expect(scope).not.toBeNull();
      const others = usualTeamScopes.filter((other) => other !== scope).join(',');
      const answer = await call(request, 'team', await newKey(ours, 'team', { scopes: others }));
      expect([answer.status, answer.body]).toEqual([403, { detail: `The key lacks the scope ${scope}` }]);
    }
    if (opener === 'management' || opener === 'either') {
      expect((await call(request, 'management', ours.apiKey)).status).toBe(403);
    }
    if (role === 'org_admin') {
      const { key, doc } = await boundKey(ours);
      expect([(await call(request, 'management', key)).status, doc.role]).toEqual([403, 'team_admin']);
    }
  });

  test('shows another team or organisation nothing of ours, and changes nothing; to us it works', async () => {
    const request = await placed(world.services, ours, name);
    const { foreign, foreignIds, shows, notOffered } = everyRoute[name] ?? {};
    if (notOffered) return expectRefusal(request, kindsOf(operation(name)));
    const { opener } = operation(name);
    for (const kind of kindsOf(operation(name)).filter((known) => known !== 'link')) {
      const key = await newKey(theirs, kind);
      const before = await allOfOurs();
      expectForeign(await call(request, kind, key), foreign, request);
      const path = request.path.replace(ours.orgId, theirs.orgId);
      if (opener !== 'team') expectForeign(await call({ ...request, path }, kind, key), foreignIds, request);
      expect(await allOfOurs()).toEqual(before);
    }
    for (const kind of kindsOf(operation(name)).slice(0, 1)) {
      const answer = await call(request, kind, await newKey(ours, kind));
      expect([name, answer.status < 400, answer.status]).toEqual([name, true, answer.status]);
      if (shows) expect(answer.body).toMatchObject(JSON.parse(filled(JSON.stringify(shows), request.ids)));
    }
  });
});

/** Each document of ours, by a hash of it: of whatever collection, as far as it names our team or organisation. */
async function allOfOurs(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const { name } of await world.db.listCollections({}, { nameOnly: true }).toArray())
    for (const doc of await world.db.collection(name).find().toArray()) {
      const text = JSON.stringify(doc);
      if ([ours.teamId, ours.orgId].some((id) => text.includes(id)))
        hashes[`${name} ${doc._id}`] = createHash('sha256').update(text).digest('hex');
    }
  return hashes;
}

/** The reason is the same for everybody, and in the contract's shape. */
async function expectRefusal(request: PlacedCall, kinds: readonly Kind[]): Promise<void> {
  for (const kind of kinds)
    for (const app of [ours, theirs]) {
      const { status, body } = await call(request, kind, await newKey(app, kind));
      expect([status, body]).toEqual([
        400,
        { detail: { error_type: expect.any(String), error_message: expect.stringMatching(/^.{40,}$/) } },
      ]);
    }
}

/** A management key of the lesser role, for its one team. */
async function boundKey(app: App) {
  const made = newManagementKey({ orgId: app.orgId, label: '', role: 'team_admin', boundTeamIds: [app.teamId], expiresAt: null });
  await world.services.apiKeys.insert(made.doc);
  return made;
}

function expectForeign({ status, body }: Answer, expected: string | undefined, { path, ids }: PlacedCall): void {
  if (expected === undefined) {
    expect([path, status, Object.keys(body)]).toEqual([path, 404, ['detail']]);
    return;
  }
  expect([path, status < 400]).toEqual([path, true]);
  // What a caller names comes back to it; everything else of ours would be news.
  const named = [...ids.values()];
  for (const secret of [ours.teamId, ours.orgId]) if (!named.includes(secret)) expect(JSON.stringify(body)).not.toContain(secret);
}
