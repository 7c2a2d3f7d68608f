import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { JunctionClient } from '@junction-api/sdk';
import { VitalClient } from '@tryvital/vital-node';
import { teamScopes } from '../../src/storage/apiKeys';
import { type Engine, startEngine } from '../engine/engine';
import type { World } from './method';
import { methods } from './methods';
import { compatibilityPage, PAGE, type Row } from './page';
import { connected, newLinkToken, newUser, type Person } from './person';
import { type Result, resultOf } from './result';

/** Every method of the official clients against the engine as its users run it, each as an app would call it: nothing of ours in between. */
describe('the official clients', () => {
  let engine: Engine;
  const rows: Row[] = [];

  beforeAll(async () => {
    engine = await startEngine({ interval: '30s', simulator: { historyDays: 3 } });
    const { key: apiKey = '' } = await engine.admin('key', 'create', '--team', engine.teamId, '--scopes', teamScopes.join(','));
    const options = { apiKey, maxRetries: 0 };
    const clients = {
      junction: new JunctionClient({ ...options, baseUrl: engine.apiUrl }),
      vital: new VitalClient({ ...options, environment: engine.apiUrl }),
    };
    const person = await connected(engine, `conformance-${randomUUID()}`);
    let userCount = 1;

    async function tried<T>(call: ((client: T, world: World) => Promise<unknown>) | null, client: T, gives: Gives): Promise<Result | null> {
      if (!call) return null;
      userCount += 1;
      const world = await worldOf(engine, person, userCount);
      return resultOf(() => call(client, world), gives && (() => gives(world)));
    }
    for (const { name, junction, vital, gives } of methods)
      rows.push({ name, junction: await tried(junction, clients.junction, gives), vital: await tried(vital, clients.vital, gives) });
    if (process.env.WRITE_COMPATIBILITY) writeFileSync(PAGE, compatibilityPage(rows));
  }, 300_000);
  afterAll(() => engine?.stop());

  test.each(methods)('$name gives what is known to be so, parsed, or says why not', ({ name, gives }) => {
    const { junction, vital } = rows.find((row) => row.name === name) ?? {};
    const wanted = gives ? /^works$/ : /^refused: .{20}/;
    for (const result of [junction, vital]) if (result !== null) expect(result).toMatch(wanted);
  });

  test(`${PAGE} says of each method what it comes to`, () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(compatibilityPage(rows));
  });
});

type Gives = ((world: World) => unknown) | null;

async function worldOf(engine: Engine, person: Person, userCount: number): Promise<World> {
  const clientUserId = `subject-${randomUUID()}`;
  const userId = await newUser(engine, clientUserId);
  const subject = { userId, clientUserId, linkToken: await newLinkToken(engine, userId) };
  return { apiUrl: engine.apiUrl, dexcomUrl: engine.simulator.url, person, subject, userCount };
}
