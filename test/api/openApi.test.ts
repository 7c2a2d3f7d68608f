import { type NamedOperation, operationsOf, readDocument } from '../../src/api/reference/document';
import { type AnswerContract, createAnswerContract } from './answerContract';
import { type ApiWorld, openApiWorld, send } from './apiWorld';

let world: ApiWorld;
let operations: readonly NamedOperation[];
let contract: AnswerContract;

beforeAll(async () => {
  world = await openApiWorld();
  const document = readDocument((await send(world.url, 'GET', '/openapi.json', undefined, {})).body);
  operations = operationsOf(document);
  contract = createAnswerContract(document);
});
afterAll(() => world?.close());

const namesOf = (found: readonly NamedOperation[]): readonly string[] => found.map(({ method, path }) => `${method} ${path}`);
const lacking = (wrong: (operation: NamedOperation) => boolean): readonly string[] => namesOf(operations.filter(wrong));

/** The bodies of an operation, each with where it stands in the document. */
const bodiesOf = ({ method, path, requestBody, responses }: NamedOperation) => {
  const here = ['paths', path, method.toLowerCase()];
  return [
    ...Object.entries(requestBody?.content ?? {}).map(([type, media]) => ({ at: [...here, 'requestBody', 'content', type], ...media })),
    ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, media]) => ({ at: [...here, 'responses', status, 'content', type], ...media })),
    ),
  ];
};

describe('every operation', () => {
  test('has a summary, a tag and a name that no other has', () => {
    expect(operations.length).toBeGreaterThan(40);
    expect(lacking(({ summary = '', tags = [], operationId }) => !summary || tags.length !== 1 || typeof operationId !== 'string')).toEqual(
      [],
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  test('has an example of each body, as its schema wants it: a text without one needs `.openapi({ example })`', () => {
    const examples = operations.flatMap(bodiesOf).filter(({ at }) => at.at(-1) === 'application/json');
    expect(examples.length).toBeGreaterThan(100);
    expect(examples.filter(({ example }) => example === undefined).map(({ at }) => at.join(' '))).toEqual([]);
    const wrong = examples.map(({ at, example }) => [at.join(' '), contract.problemsOfValue(example, ...at, 'schema')]);
    expect(wrong.filter(([, problems]) => problems)).toEqual([]);
  });

  test('says how it is answered when all goes well', () => {
    const succeeds = ({ responses }: NamedOperation) => Object.keys(responses).some((status) => status < '400');
    expect(lacking((operation) => operation.summary !== 'Not offered' && !succeeds(operation))).toEqual([]);
  });

  test('declares the errors that follow from how it is opened and what it takes', () => {
    const opens = ({ security = [] }: NamedOperation, scheme: string) => security.some((way) => scheme in way);
    const keyed = (operation: NamedOperation) => opens(operation, 'apiKey') || opens(operation, 'managementKey');
    const lacks = (status: string, when: (operation: NamedOperation) => unknown) =>
      lacking((operation) => Boolean(when(operation)) && !(status in operation.responses));

    expect(lacks('401', ({ security = [] }) => security.length > 0)).toEqual([]);
    expect(lacks('403', keyed)).toEqual([]);
    expect(lacks('404', ({ path }) => /\{\w+_id\}/.test(path) && !path.includes('/aggregate/'))).toEqual([]);
    expect(lacks('400', (operation) => opens(operation, 'linkToken'))).toEqual([]);
    expect(lacks('413', ({ method }) => method !== 'GET')).toEqual([]);
    expect(lacks('415', ({ requestBody }) => requestBody)).toEqual([]);
    expect(lacks('422', ({ parameters = [], requestBody }) => parameters.length > 0 || requestBody)).toEqual([]);
    expect(lacks('429', ({ operationId }) => operationId === 'refreshUser' || operationId === 'createApiAccessToken')).toEqual([]);
    expect(lacks('500', () => true)).toEqual([]);
    expect(lacks('503', ({ path }) => path !== '/healthz')).toEqual([]);
  });
});
