import { nameOf, type Schema, type Schemas } from './document';

/**
 * What a value of a schema looks like, put together from the examples of its parts: a text needs one of its own, everything else speaks for
 * itself. Optional parts without one are left out.
 * @param named the document's schemas, by name
 * @returns undefined if a required part has no example
 */
export function exampleOf(schema: Schema, named: Schemas): unknown {
  const name = nameOf(schema);
  if (name !== null) return exampleOf(named[name] ?? {}, named);
  if (schema.example !== undefined) return schema.example;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.allOf) return whole(schema.allOf, named);

  const types = [schema.type ?? []].flat();
  const choices = schema.anyOf ?? schema.oneOf ?? types.map((type) => ({ ...schema, type }));
  const examples = choices.map((choice) => (choices.length > 1 ? exampleOf(choice, named) : ofType(types[0], schema, named)));
  return (
    examples.find((example) => example !== undefined && example !== null) ?? schema.default ?? examples.find((example) => example === null)
  );
}

function ofType(type: string | undefined, schema: Schema, named: Schemas): unknown {
  if (type === 'null') return null;
  if (type === 'boolean') return schema.default ?? true;
  if (type === 'integer' || type === 'number') return schema.default ?? schema.minimum ?? 1;
  if (type === 'array') return listOf(schema.items ?? {}, named);
  return type === 'object' ? objectOf(schema, named) : undefined;
}

function listOf(items: Schema, named: Schemas): unknown {
  const item = exampleOf(items, named);
  return item === undefined ? undefined : [item];
}

/** Objects held by any name are held by a provider's. */
function objectOf({ properties = {}, required = [], additionalProperties }: Schema, named: Schemas): unknown {
  const parts = Object.entries(properties).map(([name, property]) => [name, exampleOf(property, named)] as const);
  if (parts.some(([name, example]) => example === undefined && required.includes(name))) return undefined;

  const held = typeof additionalProperties === 'object' ? exampleOf(additionalProperties, named) : undefined;
  return Object.fromEntries([...parts, ['dexcom_v3', held] as const].filter(([, example]) => example !== undefined));
}

/** What all of several schemas say together; those that only annotate say nothing. */
function whole(parts: readonly Schema[], named: Schemas): unknown {
  const examples = parts.filter(({ $ref, type }) => $ref !== undefined || type !== undefined).map((part) => exampleOf(part, named));
  if (examples.includes(undefined)) return undefined;
  return examples.length > 1 ? Object.assign({}, ...examples) : examples[0];
}
