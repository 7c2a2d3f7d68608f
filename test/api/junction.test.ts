import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiWorld, openApiWorld, send } from './apiWorld';
import { type ContractFacts, factsOf } from './contractFacts';
import { junctionDifferences } from './junctionDifferences';

/** Facts of Junction's public OpenAPI document; the file says where they are from and how they are made. */
const { facts: theirs }: { readonly facts: ContractFacts } = JSON.parse(readFileSync(join(__dirname, 'fixtures/junction.json'), 'utf8'));

let world: ApiWorld;
let ours: ContractFacts;

beforeAll(async () => {
  world = await openApiWorld();
  ours = factsOf((await send(world.url, 'GET', '/openapi.json', undefined, {})).body);
});
afterAll(() => world?.close());

const without = (mark: string, texts: readonly string[]): readonly string[] => texts.map((text) => text.replace(mark, ''));

/** What an app written against theirs would miss in ours. */
function missing(name: string, { parameters, request, response }: ContractFacts[string]): readonly string[] {
  const our = ours[name];
  if (!our) return [name];
  const known = { parameters: without('!', our.parameters), request: without('!', our.request) };
  return [
    ...without('!', parameters).filter((parameter) => !known.parameters.includes(parameter)),
    ...our.parameters.filter((parameter) => parameter.endsWith('!') && !parameters.includes(parameter)),
    ...without('!', request)
      .filter((key) => !known.request.includes(key))
      .map((key) => `body ${key}`),
    ...our.request.filter((key) => key.endsWith('!') && !request.includes(key)).map((key) => `body ${key}`),
    ...response.filter((key) => !our.response.some((held) => isSame(key, held))).map((key) => `answer ${key}`),
  ].map((what) => `${name}: ${what}`);
}

/** Where they have any name, we have a name. */
const isSame = (their: string, our: string): boolean => {
  const [wanted, held] = [their.split('.'), our.split('.')];
  return (
    wanted.length === held.length &&
    wanted.every((part, n) => part === held[n] || (part.startsWith('*') && part.slice(1) === held[n]?.replace(/^[^[]*/, '')))
  );
};

test('an app written against Junction’s contract finds every path, parameter and key in ours, but for what a reason is given for', () => {
  expect(Object.keys(theirs).length).toBe(29);
  const found = Object.entries(theirs).flatMap(([name, facts]) => missing(name, facts));
  const known = Object.keys(junctionDifferences);
  const covers = (entry: string, what: string) => what === entry || (entry.endsWith('*') && what.startsWith(entry.slice(0, -1)));

  expect(found.filter((what) => !known.some((entry) => covers(entry, what)))).toEqual([]);
  expect(known.filter((entry) => !found.some((what) => covers(entry, what)))).toEqual([]);
});
