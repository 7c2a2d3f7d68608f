import { nameOf, type Schema, type Schemas } from '../../src/api/reference/document';

const OR = ' | ';

export type TypesOf = (schema: Schema, named: Schemas) => string;

/** The types a value may have, sorted: `null | string`, `integer[]`; `any` where the schema does not say. */
export const typesOf: TypesOf = (schema, named) => joined(collected(schema, named));

/** Of a parameter: an address and a header cannot say null, whatever their schema allows. */
export const parameterTypes: TypesOf = (schema, named) => joined(collected(schema, named).filter((type) => type !== 'null'));

/** Whether who is ready for `ready` can take whatever has one of the types `sent`. */
export function takes(ready: string, sent: string): boolean {
  const known = ready.split(OR);
  return sent.split(OR).every((type) => known.some((one) => one === type || one === 'any' || (one === 'number' && type === 'integer')));
}

const joined = (types: readonly string[]): string => [...new Set(types)].sort().join(OR);

function collected(schema: Schema, named: Schemas): readonly string[] {
  const name = nameOf(schema);
  if (name !== null) return collected(named[name] ?? {}, named);
  const { type, items, anyOf, oneOf, allOf, properties, const: constant } = schema;
  const choices = anyOf ?? oneOf;
  if (choices) return choices.flatMap((choice) => collected(choice, named));
  if (type !== undefined)
    return [type].flat().flatMap((one) => (one === 'array' ? collected(items ?? {}, named).map((item) => `${item}[]`) : one));
  if (allOf?.[0]) return collected(allOf[0], named);
  if (properties) return ['object'];
  const values = schema.enum ?? (constant === undefined ? [] : [constant]);
  return values.length > 0 ? values.map((value) => (value === null ? 'null' : typeof value)) : ['any'];
}
