import { type ApiWorld, type App, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

const get = (path: string) => send(world.url, 'GET', path, undefined, {});

interface Body {
  readonly content?: Record<string, { readonly example?: unknown }>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: string[];
  readonly security?: object[];
  readonly requestBody?: Body;
  readonly responses: Record<string, Body>;
}

async function operations(): Promise<(Operation & { readonly method: string; readonly path: string })[]> {
  const { paths } = (await get('/openapi.json')).body;
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
  );
}

/** What the contract has of Vital's that this engine answers (vital-api.md §11.2). */
const VITAL = [
  'POST /v2/user',
  'GET /v2/user',
  'GET /v2/user/{user_id}',
  'GET /v2/user/resolve/{client_user_id}',
  'GET /v2/user/providers/{user_id}',
  'POST /v2/user/refresh/{user_id}',
  'DELETE /v2/user/{user_id}/{provider}',
  'POST /v2/link/token',
  'GET /v2/link/provider/oauth/{oauth_provider}',
  'GET /v2/link/connect/{provider}',
  'GET /v2/link/providers',
  'GET /v2/providers',
  'GET /v2/timeseries/{user_id}/glucose/grouped',
  'GET /v2/introspect/resources',
  'GET /v2/introspect/historical_pull',
];

describe('the API’s own description', () => {
  test('has every operation of Vital’s that is answered, each with a name, a summary and a place', async () => {
    const known = await operations();
    expect(known.map(({ method, path }) => `${method} ${path}`)).toEqual(expect.arrayContaining(VITAL));
    for (const { operationId, summary, tags } of known)
      expect([typeof operationId, summary.length > 0, tags.length]).toEqual(['string', true, 1]);
    expect(new Set(known.map(({ operationId }) => operationId)).size).toBe(known.length);
  });

  test('says of every operation but the open ones which key opens it, and it does not open without', async () => {
    const open = ['/healthz', '/readyz', '/v2/link/connect/{provider}'];
    for (const { method, path, security, responses } of await operations()) {
      expect([path, security === undefined]).toEqual([path, open.includes(path)]);
      if (!security) continue;
      expect(Object.keys(responses)).toContain('401');
      const answer = await send(world.url, method, path.replace(/\{\w+\}/g, app.teamId), undefined, {});
      expect([path, [400, 401].includes(answer.status)]).toEqual([path, true]);
    }
  });

  test('answers every path it names: none is swallowed by another', async () => {
    for (const { method, path, operationId, summary } of await operations()) {
      const answer = await app.call(method, `${path.replace(/\{\w+\}/g, 'x')}?start_date=2026-01-01`);
      // A path that no route takes, or a literal that a parameter has taken, answers differently.
      expect([operationId, answer.status === 404 && answer.body.detail === 'Not found' && !path.includes('{')]).toEqual([
        operationId,
        false,
      ]);
      if (path.includes('{user_id}') && summary !== 'Not offered')
        expect([operationId, answer.body.detail[0].loc]).toEqual([operationId, ['path', 'user_id']]);
    }
  });

  test('refers to nothing that is not in it', async () => {
    const { body } = await get('/openapi.json');
    const names = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(Object.keys(body.components.schemas)).toContain(name);
  });
});

describe('the reference page', () => {
  test('is where the bare address leads', async () => {
    const { status, headers } = await fetch(`${world.url}/`, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, '/reference']);
  });

  test('shows an example wherever the contract has one, of errors too', async () => {
    const contents = (await operations()).flatMap(({ requestBody, responses }) =>
      [requestBody ?? {}, ...Object.values(responses)].flatMap(({ content = {} }) => Object.values(content)),
    );
    const { body } = await get('/reference');
    expect(body.match(/<summary>Example</g)).toHaveLength(contents.filter(({ example }) => example !== undefined).length);
    expect(body).toContain('&quot;detail&quot;: &quot;Internal server error&quot;');
  });

  test('shows every operation and schema, and loads nothing from anywhere', async () => {
    const { status, headers, body } = await get('/reference');
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(body).not.toMatch(/<script|<img|<link|src=|@import|url\(|href="(?!#|\/openapi\.json)/);
    for (const { path, summary } of await operations()) {
      expect(body).toContain(path);
      expect(body).toContain(summary);
    }
    const links = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    const targets = new Set([...body.matchAll(/id="([^"]+)"/g)].map(([, id]) => id));
    expect(links.filter((id) => !targets.has(id))).toEqual([]);
  });
});
