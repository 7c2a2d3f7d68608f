import { type Content, nameOf, operationsOf, readDocument, type Schema, type Schemas } from '../../src/api/reference/document';
import { parameterTypes, type TypesOf, typesOf } from './contractTypes';

/** What is known by which name, and the types it may have; names of what is required end in `!`. */
export type Typed = Readonly<Record<string, string>>;

/** What an app depends on in one operation, and nothing of how it is described. */
export interface OperationFacts {
  /** `query provider` */
  readonly parameters: Typed;
  /** Keys a body may have: `brand.name`, `items[].id`. */
  readonly request: Typed;
  /** What is meant by leaving a parameter out, `query limit`, or a key of a body, `body wait_for_completion`; null is nothing. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Every status, `204`, and the keys its body may have, `200 data[].*`, `*` being any name; required ones are there wherever the object is that they are in. */
  readonly response: Typed;
}

export type ContractFacts = Readonly<Record<string, OperationFacts>>;

/** @param document OpenAPI 3.1 */
export function factsOf(document: unknown): ContractFacts {
  const described = readDocument(document);
  const { schemas } = described.components;
  const facts = operationsOf(described).map(({ method, path, parameters = [], requestBody, responses }): [string, OperationFacts] => {
    const sent = requestBody?.content['application/json']?.schema ?? {};
    const stated = parameters.map(({ name, in: place, required = false, schema = {} }) => ({ key: `${place} ${name}`, required, schema }));
    return [
      `${method} ${path}`,
      {
        parameters: typed(stated, schemas, parameterTypes),
        request: typed(keysOf(sent, schemas), schemas),
        defaults: defaultsOf([...stated, ...keysOf(sent, schemas, 'body ')]),
        response: typed(
          Object.entries(responses).flatMap(([status, { content }]) => answered(status, content, schemas)),
          schemas,
        ),
      },
    ];
  });
  return Object.fromEntries(facts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Key {
  readonly key: string;
  readonly required: boolean;
  readonly schema: Schema;
}

function answered(status: string, content: Content | undefined, schemas: Schemas): readonly Key[] {
  const schema = content?.['application/json']?.schema ?? {};
  const keys = keysOf(schema, schemas).map(({ key, ...rest }) => ({ ...rest, key: `${status} ${key}` }));
  return [{ key: status, required: true, schema }, ...keys];
}

const defaultsOf = (keys: readonly Key[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    keys
      .filter(({ schema }) => (schema.default ?? null) !== null)
      .map(({ key, schema }) => [key, JSON.stringify(schema.default)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const typed = (keys: readonly Key[], named: Schemas, types: TypesOf = typesOf): Typed =>
  Object.fromEntries(
    keys
      .map(({ key, required, schema }) => [`${key}${required ? '!' : ''}`, types(schema, named)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

function keysOf(schema: Schema, named: Schemas, prefix = '', seen: readonly string[] = []): readonly Key[] {
  const name = nameOf(schema);
  if (name !== null) return seen.includes(name) ? [] : keysOf(named[name] ?? {}, named, prefix, [...seen, name]);
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== 'null')];
  // Keys of one choice among several are certain in none.
  if (parts.length > 1 && !schema.allOf) return [];

  const { properties = {}, required = [], items, additionalProperties } = schema;
  const own = Object.entries(properties).flatMap(([property, inner]) => [
    { key: `${prefix}${property}`, required: required.includes(property), schema: inner },
    ...keysOf(inner, named, `${prefix}${property}.`, seen),
  ]);
  return [
    ...parts.flatMap((part) => keysOf(part, named, prefix, seen)),
    ...own,
    ...(items ? keysOf(items, named, `${prefix.replace(/\.$/, '')}[].`, seen) : []),
    ...(typeof additionalProperties === 'object' ? keysOf(additionalProperties, named, `${prefix}*.`, seen) : []),
  ];
}
