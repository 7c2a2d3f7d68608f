import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Page } from './layout';

/** What a page of ours may do: show text in its own style, and be left by its links. Its address holds a link token, so it tells nobody. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** @param script hash of the one script that may run in it */
export function servePage(c: Context, page: Page, status: ContentfulStatusCode, script?: string): Response | Promise<Response> {
  c.header('content-security-policy', script === undefined ? POLICY : `${POLICY}; script-src '${script}'`);
  tellNobody(c);
  return c.html(page, status);
}

/** For whatever is answered to an address with a link token in it: no cache keeps it, no page that is gone to is told of it. */
export function tellNobody(c: Context): void {
  c.header('referrer-policy', 'no-referrer');
  c.header('cache-control', 'no-store');
  c.header('x-content-type-options', 'nosniff');
}
