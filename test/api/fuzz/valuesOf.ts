import fc from 'fast-check';
import { nameOf, type Schema, type Schemas } from '../../../src/api/reference/document';
import { hostileText } from './hostile';

/** Ids and the like that may stand in a request, by the name of what holds them. */
export type Known = ReadonlyMap<string, readonly string[]>;

/**
 * Values of a schema: mostly what it wants, with ids that somebody has; now and then almost that.
 * @param name of what holds the value
 */
export function valuesOf(name: string, schema: Schema, named: Schemas, known: Known): fc.Arbitrary<unknown> {
  const ids = known.get(name) ?? [];
  return fc.oneof(
    ...(ids.length > 0 ? [{ weight: 12, arbitrary: fc.constantFrom(...ids) }] : []),
    { weight: 12, arbitrary: wanted(name, schema, named, known) },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

function wanted(name: string, schema: Schema, named: Schemas, known: Known): fc.Arbitrary<unknown> {
  const of = (inner: Schema, holder = name): fc.Arbitrary<unknown> => valuesOf(holder, inner, named, known);
  const reference = nameOf(schema);
  if (reference !== null) return wanted(name, named[reference] ?? {}, named, known);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => wanted(name, choice, named, known)));
  if (schema.allOf)
    return fc.tuple(...schema.allOf.map((part) => wanted(name, part, named, known))).map((parts) => Object.assign({}, ...parts));

  const types = [schema.type ?? []].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, of)), ...(types.length === 0 ? [fc.jsonValue()] : []));
}

function ofType(type: string, schema: Schema, of: (schema: Schema, holder?: string) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer({ min: -2, max: 300 }), fc.integer(), fc.double());
  if (type === 'array') return fc.array(of(schema.items ?? {}), { maxLength: 3 });
  if (type === 'object') return objectOf(schema, of);
  return textOf(schema);
}

function objectOf({ properties = {}, required = [] }: Schema, of: (schema: Schema, holder?: string) => fc.Arbitrary<unknown>) {
  const whole = fc.record(Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, of(property, name)])), {
    requiredKeys: [...required],
  });
  const holed = whole.chain((value) => fc.subarray(Object.entries(value)).map((entries) => Object.fromEntries(entries)));
  const extra = fc.tuple(whole, hostileText).map(([value, name]) => ({ ...value, [name]: name }));
  return fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: holed }, { weight: 1, arbitrary: extra });
}

function textOf({ format, example }: Schema): fc.Arbitrary<unknown> {
  const examples = typeof example === 'string' ? [{ weight: 4, arbitrary: fc.constant(example) }] : [];
  if (format === 'uuid') return fc.uuid();
  if (format === 'date' || format === 'date-time') return fc.oneof(...examples, { weight: 4, arbitrary: dates });
  return fc.oneof(...examples, { weight: 1, arbitrary: fc.string({ minLength: 1 }) });
}

const dates = fc.oneof(
  fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.date({ min: new Date('2025-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
);
