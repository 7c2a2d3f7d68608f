import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { JunctionClient } from '@junction-api/sdk';
import { VitalClient } from '@tryvital/vital-node';
import { teamScopes } from '../../src/storage/apiKeys';
import { type Engine, startEngine } from '../engine/engine';
import { methods, type World } from './methods';
import { compatibilityPage, PAGE, type Row } from './page';
import { connected, newLinkToken, newUser } from './person';
import { resultOf } from './result';

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
    const world: World = {
      person,
      newUser: () => newUser(engine, `changed-${randomUUID()}`),
      newLinkToken: () => newLinkToken(engine, person.userId),
    };
    for (const { name, junction, vital } of methods)
      rows.push({
        name,
        junction: junction && (await resultOf(() => junction(clients.junction, world))),
        vital: vital && (await resultOf(() => vital(clients.vital, world))),
      });
    if (process.env.WRITE_COMPATIBILITY) writeFileSync(PAGE, compatibilityPage(rows));
  }, 300_000);
  afterAll(() => engine?.stop());

  test.each(methods.map(({ name }) => name))('%s returns parsed values or says why not', (name) => {
    const { junction, vital } = rows.find((row) => row.name === name) ?? {};
    for (const result of [junction, vital]) if (result) expect(result).toMatch(/^(works$|refused: .{20})/);
  });

  test(`${PAGE} says of each method what it comes to`, () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(compatibilityPage(rows));
  });
});
