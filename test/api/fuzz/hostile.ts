import fc from 'fast-check';

const NUL = String.fromCharCode(0);

/** Texts that have broken somebody's server. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', ' ', NUL, `a${NUL}b`, '\ud800', '\u202e', 'İ', 'null', 'undefined', 'NaN', '-1', '1e309', '9'.repeat(40), '0x10'),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '$where',
    '{"$gt":""}',
    "' or 1=1--",
    '../../etc/passwd',
    '{{7*7}}',
    '<script>',
    '%s%n',
    '\r\nx: y',
  ),
  fc.constantFrom('2026-02-30', '0000-00-00', '9999-12-31', '+275760-09-13', '2026-11-22T25:00:00Z', '2026-11-22T08:05:12+99:99', '1'),
  fc.constantFrom('00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'eyJhbGciOiJub25lIn0.e30.', 'AAAA'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 256, max: 1_500 }).map((length) => 'ä'.repeat(length)),
);

/** Half characters do not go into an address. */
export const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

/** Another path would come of it. */
export const isNoSegment = (text: string): boolean => /^\.{0,2}$/.test(text);

/** One part of a path, as it goes over the wire. */
export const hostileSegment: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('%', '%ff', '%00', '%2F', '%2e%2e%2f', '%zz', '%C3%28', '%F0%9F%98%80', '*', '{x}', ':x', ';a=b'),
  hostileText.map(encoded).filter((text) => !isNoSegment(text)),
);

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

/** Bodies that are no JSON, or more of it than anybody wants. */
export const hostileBody: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '1',
    '"text"',
    '{"a":1}{',
    '{"a":NaN}',
    '\ufeff{}',
    NUL,
    '{"__proto__":{"a":1}}',
    '{"a":1,"a":2}',
    '\ud800',
  ),
  fc.constantFrom(nested('[', ']', 15_000), nested('{"a":', '}', 5_000), `{"a":"${'x'.repeat(30_000)}"}`, `[${'0,'.repeat(10_000)}0]`),
  fc.json({ depthSize: 'small' }),
);
