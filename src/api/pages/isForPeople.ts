import type { Context } from 'hono';

/** Where a person's browser is, not a program: the link page, and the way back from a provider's sign-in (vital-api.md §3.2). */
const PAGES = /^\/(link|v2\/link\/connect\/[^/]+)\/?$/;

/** Whether a request is read by a person. Elsewhere an HTTP client that says it takes everything, HTML too, still reads JSON. */
export function isForPeople({ req }: Pick<Context, 'req'>): boolean {
  if (req.method !== 'GET' || !PAGES.test(req.path) || req.header('x-vital-sdk-no-redirect') !== undefined) return false;
  return req.header('accept')?.includes('text/html') ?? false;
}
