import fc from 'fast-check';
import { createKey } from '../../src/admin/createKey';
import { type ApiDocument, type NamedOperation, operationsOf, readDocument } from '../../src/api/reference/document';
import { type AnswerContract, createAnswerContract } from './answerContract';
import { type ApiWorld, type App, openApiWorld, send } from './apiWorld';
import { everyRoute } from './everyRoute';
import { withLinkPage } from './fuzz/linkPage';
import { type FuzzRequest, type Openers, requestTo } from './fuzz/requestTo';
import type { Known } from './fuzz/valuesOf';
import { newLinkToken, placed } from './placed';

/** Requests to each operation; `npm run fuzz` asks for more, `PROPERTY_SEED` for others. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10);

let world: ApiWorld;
let document: ApiDocument;
let contract: AnswerContract;
let ours: App;
let theirs: App;

beforeAll(async () => {
  world = await openApiWorld();
  document = withLinkPage(readDocument((await send(world.url, 'GET', '/openapi.json', undefined, {})).body));
  contract = createAnswerContract(document);
  [ours, theirs] = [await world.newApp(), await world.newApp()];
});
afterAll(() => world?.close());

async function openersOf(app: App): Promise<Readonly<Record<string, string>>> {
  const { key: management } = await createKey(world.services, { management: true, org: app.orgId, label: '' });
  const link = await newLinkToken(world.services, app);
  return { 'x-vital-api-key': app.apiKey, 'x-management-key': management, 'x-vital-link-token': link };
}

/** What a request to an operation may name: things made for it that are there, ours more often than theirs. */
async function knownTo(name: string): Promise<Known> {
  const known = new Map<string, string[]>();
  if (!(name in everyRoute)) return known.set('provider', ['dexcom_v3']).set('token', [await newLinkToken(world.services, ours)]);
  for (const app of [ours, ours, ours, theirs])
    for (const [id, value] of (await placed(world.services, app, name)).ids) known.set(id, [...(known.get(id) ?? []), value]);
  return known;
}

/** No worker runs here: who waited for what is begun would wait in vain. */
const unawaited = (body: string | undefined) => body?.replace('"wait_for_completion":true', '"wait_for_completion":false');

/** Nor does anything come for who waits for an event. */
const unwaiting = (path: string) => path.replaceAll('wait=', 'wait=0&waited=');

const shown = ({ method, path, body = '' }: FuzzRequest): string => `${method} ${path.slice(0, 300)} ${body.slice(0, 300)}`;

test(
  `${RUNS} requests to each operation, good, almost good and meant badly, are answered as the contract says, none with a 5xx`,
  async () => {
    const openers: Openers = { ours: await openersOf(ours), theirs: await openersOf(theirs) };
    const operations = operationsOf(document);
    const reached = new Set<string>();

    const problemsAt = async (operation: NamedOperation, index: number): Promise<readonly string[]> => {
      const name = `${operation.method} ${operation.path}`;
      const requests = requestTo(operation, document.components.schemas, await knownTo(name), openers);
      const isAnswered = fc.asyncProperty(requests, async (request) => {
        const answer = await send(world.url, request.method, unwaiting(request.path), unawaited(request.body), { ...request.headers });
        if (answer.status < 400) reached.add(name);
        const problems = contract.problemsOf(operation, answer);
        if (problems) throw new Error(`${problems}\n${shown(request)}\n${JSON.stringify(answer.body).slice(0, 300)}`);
      });
      const seed = (fc.readConfigureGlobal().seed ?? 0) + index;
      const run = await fc.check(isAnswered, { seed, numRuns: RUNS, endOnFailure: true });
      return run.failed ? [`${name}: ${String(run.errorInstance)}`] : [];
    };

    expect((await Promise.all(operations.map(problemsAt))).flat()).toEqual([]);
    // A generator whose requests are all refused finds nothing.
    expect(reached.size).toBeGreaterThan(operations.length / 2);
  },
  Math.max(120_000, RUNS * 5_000),
);
