import type { Context } from 'hono';
import type { z } from 'zod';
import { type InvalidField, invalid } from './errors';

type Checked =
  | { readonly success: true; readonly data: unknown; readonly target: string }
  | { readonly success: false; readonly error: z.core.$ZodError; readonly target: string; readonly data?: unknown };

/** Where a part of a request stands in FastAPI's words. */
const LOCATIONS: Readonly<Record<string, string>> = { json: 'body', form: 'body', query: 'query', param: 'path', header: 'header' };

/** What a schema refused, or no database keeps, as a 422 that names every field (vital-api.md §1.4). */
export function refuseInvalid(result: Checked, _c: Context): void {
  const location = LOCATIONS[result.target] ?? result.target;
  if (isDeeperThan(DEEPEST, result.data)) throw invalid({ type: 'value_error', loc: [location], msg: 'Nested too deeply' });
  const fields = result.success
    ? unstorable(result.data, [location])
    : result.error.issues.flatMap((issue) => fieldsOf(issue, location, result.data));
  if (fields.length > 0) throw invalid(...fields);
}

/** No body of ours is half as deep, and what is refused is shown again: writing it may not use up the stack. */
const DEEPEST = 100;

const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner)));

function fieldsOf(issue: z.core.$ZodIssue, location: string, data: unknown): readonly InvalidField[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ type: 'extra_forbidden', loc: [location, ...path, key], msg: 'Extra inputs are not permitted' }));

  const input = valueAt(data, path);
  const loc = [location, ...path];
  if (input === undefined) return [{ type: 'missing', loc, msg: 'Field required', input: valueAt(data, path.slice(0, -1)) }];
  return [{ type: typeOf(issue), loc, msg: issue.message, input }];
}

/** Texts with NUL, which PostgreSQL does not hold, or with half a character, which comes back as another one. */
function unstorable(value: unknown, loc: readonly (string | number)[]): readonly InvalidField[] {
  if (typeof value === 'string') return /\0|\p{Surrogate}/u.test(value) ? [{ type: 'string_unicode', loc, msg: 'Not a text' }] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unstorable(item, [...loc, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...unstorable(name, loc), ...unstorable(inner, [...loc, name])]);
}

/** FastAPI's name for the commonest, zod's for the others. */
function typeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `${issue.expected}_type`;
  return issue.code === 'custom' ? 'value_error' : issue.code;
}

function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, part)?.value : undefined),
    data,
  );
}
