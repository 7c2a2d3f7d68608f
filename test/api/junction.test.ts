import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiWorld, openApiWorld, send } from './apiWorld';
import { type ContractFacts, factsOf, type OperationFacts, type Typed } from './contractFacts';
import { takes } from './contractTypes';
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

/** Names of what is known, whether it is required or not. */
const bare = (name: string): string => name.replace(/!$/, '');
const isRequired = (name: string): boolean => name.endsWith('!');

/** What an app written against theirs would miss in ours, or not be ready for. */
function missing(name: string, { parameters, request, defaults, response }: OperationFacts): readonly string[] {
  const our = ours[name];
  if (!our) return [name];
  return [
    ...refused(parameters, our.parameters),
    ...refused(request, our.request).map((what) => `body ${what}`),
    ...otherwise(defaults, our.defaults),
    ...unexpected(response, our.response).map((what) => `answer ${what}`),
  ].map((what) => `${name}: ${what}`);
}

/** What they take and we do not, and what only we insist on. */
function refused(theirs: Typed, ours: Typed): readonly string[] {
  const known = new Map(Object.entries(ours).map(([name, types]) => [bare(name), types]));
  return [
    ...Object.entries(theirs).flatMap(([name, types]) => {
      const taken = known.get(bare(name));
      if (taken === undefined) return [bare(name)];
      return takes(taken, types) ? [] : [`${bare(name)} may be ${types}, ours ${taken}`];
    }),
    ...Object.keys(ours).filter((name) => isRequired(name) && !(name in theirs)),
  ];
}

/** What an app that leaves it out means with them, and not with us. */
const otherwise = (theirs: OperationFacts['defaults'], ours: OperationFacts['defaults']): readonly string[] =>
  Object.entries(theirs).flatMap(([name, meant]) => (ours[name] === meant ? [] : [`${name} is ${meant} left out, ours ${ours[name]}`]));

/** What they always answer and we do not, and what we answer of another type. */
function unexpected(theirs: Typed, ours: Typed): readonly string[] {
  return Object.entries(theirs).flatMap(([name, types]) => {
    const held = Object.entries(ours).filter(([our]) => isSame(bare(name), bare(our)));
    const isMissing = isRequired(name) && !held.some(([our]) => isRequired(our));
    const others = held.filter(([, sent]) => !takes(types, sent));
    return [...(isMissing ? [bare(name)] : []), ...others.map(([our, sent]) => `${bare(our)} is ${types}, ours ${sent}`)];
  });
}

/** Where they have any name, we have a name. */
const isSame = (their: string, our: string): boolean => {
  const [wanted, held] = [their.split(/[ .]/), our.split(/[ .]/)];
  return (
    wanted.length === held.length &&
    wanted.every((part, n) => part === held[n] || (part.startsWith('*') && part.slice(1) === held[n]?.replace(/^[^[]*/, '')))
  );
};

test('an app written against Junction’s contract finds every path, parameter, default, status and key in ours, of types it is ready for, but for what a reason is given for', () => {
  expect(Object.keys(theirs).length).toBe(29);
  const found = Object.entries(theirs).flatMap(([name, facts]) => missing(name, facts));
  const known = Object.keys(junctionDifferences);
  const covers = (entry: string, what: string) => what === entry || (entry.endsWith('*') && what.startsWith(entry.slice(0, -1)));

  expect(found.filter((what) => !known.some((entry) => covers(entry, what)))).toEqual([]);
  expect(known.filter((entry) => !found.some((what) => covers(entry, what)))).toEqual([]);
});
