import fc from 'fast-check';
import type { NamedOperation, Schemas } from '../../../src/api/reference/document';
import { encoded, hostileBody, hostileSegment, hostileText, isNoSegment } from './hostile';
import { type Known, valuesOf } from './valuesOf';

export interface FuzzRequest {
  readonly method: string;
  /** With its query, as it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Sets of headers that open routes, or do not. */
export interface Openers {
  readonly ours: Readonly<Record<string, string>>;
  readonly theirs: Readonly<Record<string, string>>;
}

/** Requests to one operation: good, almost good, and meant badly. */
export function requestTo(operation: NamedOperation, named: Schemas, known: Known, { ours, theirs }: Openers): fc.Arbitrary<FuzzRequest> {
  const { method } = operation;
  const keys = fc.oneof(
    { weight: 12, arbitrary: fc.constant(ours) },
    { weight: 1, arbitrary: fc.constantFrom(theirs, {}) },
    { weight: 1, arbitrary: fc.constantFrom('x', 'Bearer', 'ä', 'eyJhbGciOiJub25lIn0.e30.').map(withEveryKey) },
  );
  return fc
    .record({
      path: pathTo(operation, named, known),
      query: queryOf(operation, named, known),
      headers: keys,
      accept: accepted,
      body: bodyOf(operation, named, known),
    })
    .map(({ path, query, headers, accept, body }) => ({
      method,
      path: path + query,
      headers: { ...body.headers, ...accept, ...headers },
      body: body.text,
    }));
}

/** What programs and browsers say that they read. */
const accepted: fc.Arbitrary<Record<string, string>> = fc
  .constantFrom(
    '',
    '*/*',
    'application/json',
    'application/json, text/html;q=0.1',
    'text/html,application/xhtml+xml,*/*;q=0.8',
    'image/avif',
  )
  .chain((accept) => fc.constantFrom<Record<string, string>>({ accept }, { accept, 'x-vital-sdk-no-redirect': '1' }));

/** Headers are bytes. */
const withEveryKey = (text: string): Record<string, string> => ({
  'x-vital-api-key': text,
  'x-management-key': text,
  'x-vital-link-token': text,
});

function pathTo({ path, parameters = [] }: NamedOperation, named: Schemas, known: Known): fc.Arbitrary<string> {
  const parts = path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const schema = parameters.find((parameter) => parameter.name === name)?.schema ?? {};
    const ids = known.get(name) ?? [];
    const good = valuesOf(name, schema, named, known)
      .map((value) => encoded(String(value)))
      .filter((text) => !isNoSegment(text));
    return fc.oneof(
      ...(ids.length > 0 ? [{ weight: 8, arbitrary: fc.constantFrom(...ids) }] : []),
      { weight: 2, arbitrary: good },
      { weight: 1, arbitrary: hostileSegment },
    );
  });
  return fc.tuple(...parts).map((segments) => segments.join('/'));
}

function queryOf({ parameters = [] }: NamedOperation, named: Schemas, known: Known): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required, schema = {} }) => {
      const pair = valuesOf(name, schema, named, known).map((value) =>
        pairOf(name, typeof value === 'string' ? value : JSON.stringify(value)),
      );
      const once = fc.array(pair, { minLength: required ? 1 : 0, maxLength: 1 });
      return fc.oneof({ weight: 10, arbitrary: once }, { weight: 1, arbitrary: fc.array(pair, { maxLength: 3 }) });
    });
  const stray = fc.tuple(hostileText, hostileText).map(([name, value]) => [pairOf(name, value)]);
  const strays = fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: stray });
  return fc
    .tuple(...pairs, strays)
    .map((given) => given.flat().join('&').slice(0, LONGEST_QUERY))
    .map((query) => (query === '' ? '' : `?${query}`));
}

/** Node's own server refuses 16 kB of headers before anybody of ours sees them. */
const LONGEST_QUERY = 10_000;

const pairOf = (name: string, value: string): string => `${encoded(name)}=${encoded(value)}`;

interface Body {
  readonly text: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

function bodyOf({ method, requestBody }: NamedOperation, named: Schemas, known: Known): fc.Arbitrary<Body> {
  const none: Body = { text: undefined, headers: {} };
  if (method === 'GET') return fc.constant(none);
  const sent = (text: string, type: string): Body => ({ text, headers: { 'content-type': type } });
  const hostile = fc
    .tuple(hostileBody, fc.constantFrom('application/json', 'application/json; charset=latin1', 'text/plain', 'multipart/form-data', 'x'))
    .map(([text, type]) => sent(text, type));

  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return fc.oneof({ weight: 9, arbitrary: fc.constant(none) }, { weight: 1, arbitrary: hostile });
  const good = valuesOf('body', schema, named, known).map((value) => sent(JSON.stringify(value), 'application/json'));
  return fc.oneof({ weight: 12, arbitrary: good }, { weight: 2, arbitrary: hostile }, { weight: 1, arbitrary: fc.constant(none) });
}
