import { randomUUID } from 'node:crypto';
import { createKey } from '../../src/admin/createKey';
import { type Answer, type ApiWorld, type App, openApiWorld, send } from './apiWorld';
import { clientOperations } from './clientOperations';
import { everyRoute, openRoutes } from './everyRoute';

let world: ApiWorld;
let app: App;

beforeAll(async () => {
  world = await openApiWorld();
  app = await world.newApp();
});
afterAll(() => world?.close());

/** Vital's operations, each as it is called about something that is not there. */
const operations = clientOperations().map((name) => {
  const [method = '', path = ''] = name.split(' ');
  return { name, method, path: path.replaceAll('{}', () => randomUUID()) };
});

const offered = new Set([...Object.keys(everyRoute), ...Object.keys(openRoutes)].map((name) => name.replace(/\{\w+\}/g, '{}')));

/** What an app's developer reads, wherever the contract has it (vital-api.md §1.4); refusals of a refresh are not wrapped (§4). */
const sentenceOf = ({ body }: Answer): unknown =>
  body.detail?.error_message ?? body.detail?.error ?? body.detail?.[0]?.msg ?? body.detail ?? body.error;

const asked = (headers: Record<string, string>) =>
  Promise.all(
    operations.map(async ({ name, method, path }) => {
      const answer = await send(world.url, method, path, method === 'GET' ? undefined : {}, headers);
      return { name, answer, status: answer.status, sentence: sentenceOf(answer) };
    }),
  );

describe('all of Vital’s operations', () => {
  test('answer nobody without a key, and say so', async () => {
    const answers = await asked({});
    expect(answers.length).toBeGreaterThan(200);
    const isRefusal = ({ name, status, sentence }: (typeof answers)[number]) =>
      typeof sentence === 'string' && sentence.length > 5 && (status === 401 || (status === 400 && name.includes('/link/')));
    expect(answers.filter((answer) => !isRefusal(answer))).toEqual([]);
  });

  test('are offered, or answer whoever has a key with a sentence that says why not: none is a page that is missing', async () => {
    const answers = await asked({ 'x-vital-api-key': app.apiKey, 'x-vital-link-token': 'none' });
    const faults = answers.filter(({ status, sentence }) => status >= 500 || (status >= 400 && typeof sentence !== 'string'));
    expect(faults).toEqual([]);
    const others = answers.filter(({ name }) => !offered.has(name));
    expect(others.length).toBeGreaterThan(150);
    const wrong = others.filter(({ answer: { status, body }, sentence }) => {
      return status !== 400 || body.detail.error_type !== 'NOT_OFFERED' || !/^.{40,}$/.test(String(sentence));
    });
    expect(wrong).toEqual([]);
  });
});

test('a key without the scope hears that, and not what there is instead', async () => {
  const { key } = await createKey(world.services, { team: app.teamId, label: '', scopes: 'link:write' });
  const { status, body } = await app.call('GET', '/v3/orders', { headers: { 'x-vital-api-key': key } });
  expect([status, body]).toEqual([403, { detail: 'The key lacks the scope users:read' }]);
});

describe.each([
  ['GET', 'team/{team_id}/scope_requirements'],
  ['POST', 'team/{team_id}/scope_requirements'],
  ['GET', 'team_etl_pipelines/production/us'],
  ['POST', 'team_etl_pipelines/sandbox/eu'],
  ['DELETE', 'team_etl_pipelines/sandbox/eu'],
  ['GET', 'team/{team_id}/production/event_delivery_metric'],
])('%s /v1/org/{org_id}/%s', (method, path) => {
  const ask = (orgId: string, headers: Record<string, string>) => {
    const body = method === 'POST' ? {} : undefined;
    return send(world.url, method, `/v1/org/${orgId}/${path.replace('{team_id}', app.teamId)}`, body, headers);
  };

  test('tells the organisation’s management key why it is not offered, and nobody else', async () => {
    const { key } = await createKey(world.services, { management: true, org: app.orgId, label: '' });
    const told = await ask(app.orgId, { 'x-management-key': key });
    expect(told).toMatchObject({
      status: 400,
      body: { detail: { error_type: 'NOT_OFFERED', error_message: expect.stringMatching(/^.{40,}$/) } },
    });
    expect(await ask(app.orgId, {})).toMatchObject({ status: 401, body: { detail: 'No API key' } });
    expect((await ask(app.orgId, { 'x-management-key': app.apiKey })).status).toBe(403);
    expect((await ask(randomUUID(), { 'x-management-key': key })).status).toBe(404);
  });
});
