import { type RouteConfig, z } from '@hono/zod-openapi';

/** An id of ours; case does not matter. */
export const Id = z.guid().toLowerCase().openapi({ format: 'uuid', example: '56bd81c9-6219-4000-a775-ae85526eba18' });

export const UserParams = z.object({ user_id: Id });

/** One that we make, and only we read. */
export const Token = z.string().openapi({ example: 'eyJhbGciOi…' });

export const Instant = z.string().openapi({ format: 'date-time', example: '2026-11-22T08:05:12+00:00' });

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A whole number in a query: plain digits, with none of the other spellings that JavaScript takes (`0x10`, `1e2`, an empty text for zero). */
export const wholeNumber = (least: number, most: number) => z.preprocess(fromText(/^-?\d+$/), z.int().min(least).max(most));

/** … that may have decimals. */
export const decimalNumber = (least: number, most: number) => z.preprocess(fromText(/^-?\d+(\.\d+)?$/), z.number().min(least).max(most));

const fromText = (plain: RegExp) => (given: unknown) => (typeof given === 'string' && plain.test(given) ? Number(given) : given);

/** JSON that the handler writes itself; the type checker cannot compare it with the schema, so a test does. */
export const written = (schema: z.ZodType, description: string): RouteConfig['responses'][number] => json(schema, description);

/** A required JSON body. */
export const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } });
