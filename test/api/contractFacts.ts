import { nameOf, operationsOf, readDocument, type Schema, type Schemas } from '../../src/api/reference/document';

/** What an app depends on in one operation, and nothing of how it is described. */
export interface OperationFacts {
  /** `query provider`; with `!` if required. */
  readonly parameters: readonly string[];
  /** Keys a body may have: `brand.name`, `items[].id`; with `!` if required. */
  readonly request: readonly string[];
  /** Keys that a success answer has wherever it has the object they are in, `*` being any name. */
  readonly response: readonly string[];
}

export type ContractFacts = Readonly<Record<string, OperationFacts>>;

/** @param document OpenAPI 3.1 */
export function factsOf(document: unknown): ContractFacts {
  const described = readDocument(document);
  const { schemas } = described.components;
  const facts = operationsOf(described).map(({ method, path, parameters = [], requestBody, responses }): [string, OperationFacts] => {
    const sent = requestBody?.content['application/json']?.schema ?? {};
    const answered = responses['200']?.content?.['application/json']?.schema ?? {};
    return [
      `${method} ${path}`,
      {
        parameters: parameters.map(({ name, in: place, required }) => `${place} ${name}${required ? '!' : ''}`).sort(),
        request: keysOf(sent, schemas)
          .map(({ key, required }) => `${key}${required ? '!' : ''}`)
          .sort(),
        response: keysOf(answered, schemas)
          .flatMap(({ key, required }) => (required ? [key] : []))
          .sort(),
      },
    ];
  });
  return Object.fromEntries(facts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Key {
  readonly key: string;
  readonly required: boolean;
}

function keysOf(schema: Schema, named: Schemas, prefix = '', seen: readonly string[] = []): readonly Key[] {
  const name = nameOf(schema);
  if (name !== null) return seen.includes(name) ? [] : keysOf(named[name] ?? {}, named, prefix, [...seen, name]);
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? schema.oneOf ?? []).filter(({ type }) => type !== 'null')];
  // Keys of one choice among several are certain in none.
  if (parts.length > 1 && !schema.allOf) return [];

  const { properties = {}, required = [], items, additionalProperties } = schema;
  const own = Object.entries(properties).flatMap(([property, inner]) => [
    { key: `${prefix}${property}`, required: required.includes(property) },
    ...keysOf(inner, named, `${prefix}${property}.`, seen),
  ]);
  return [
    ...parts.flatMap((part) => keysOf(part, named, prefix, seen)),
    ...own,
    ...(items ? keysOf(items, named, `${prefix.replace(/\.$/, '')}[].`, seen) : []),
    ...(typeof additionalProperties === 'object' ? keysOf(additionalProperties, named, `${prefix}*.`, seen) : []),
  ];
}
