import { z } from 'zod';

/** What several variables are. */
export const text = z.string('is not set').trim().min(1, 'is empty');

/** Without a slash at the end. */
export const webUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
  .refine((url) => !/[?#]/.test(url), 'has a query or a fragment')
  .transform((url) => url.replace(/\/+$/, ''));

/** What stands between commas. */
export const parts = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Numbers between commas. */
export function ports(value: string, context: z.RefinementCtx): readonly number[] {
  const given = parts(value).map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : Number.NaN));
  if (given.length > 0 && given.every((port) => port >= 1 && port <= 65_535)) return given;
  context.addIssue({ code: 'custom', message: 'is not one or several ports, separated by commas' });
  return z.NEVER;
}
