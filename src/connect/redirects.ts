import { parseUrl } from '../egress/parseUrl';
import type { LinkOutcome } from './linkOutcome';

/** Addresses that run or show what they hold. */
const NOWHERE = new Set(['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:']);
/** Encoded slashes, backslashes and dots, empty folders, and dots with parameters: who serves the path may read another one in it. */
const AMBIGUOUS_PATH = /%(2f|5c|2e)|\\|\/\/|\/\.{1,2};/i;

/**
 * Whether a browser may be sent to `url` by a team's list: same scheme, host and port as an entry, and its path or one below it.
 * Compared as parsed, so that `https://app.example.evil.org`, `https://app.example@evil.org` and `/cb/../x` are what they are.
 */
export function isAllowedRedirect(url: string, allowed: readonly string[]): boolean {
  const wanted = parse(url);
  if (!wanted || wanted.username || wanted.password || wanted.hash || AMBIGUOUS_PATH.test(wanted.pathname)) return false;
  return allowed.some((entry) => {
    const parsed = parse(entry);
    return parsed !== null && isBelow(wanted, parsed);
  });
}

/** Whether a page of that origin, as browsers write it, may wait for the end of our pop-up: one that we could send browsers to. */
export const isAllowedOpener = (origin: string, allowed: readonly string[]): boolean =>
  /^https?:/.test(origin) && allowed.some((entry) => parse(entry)?.origin === origin);

/** Whether `text` can stand on a team's list: an absolute address, also of an app on a phone, that says where and nothing more. */
export function isRedirectUrl(text: string): boolean {
  const url = parse(text);
  return url !== null && [url.username, url.password, url.hash, url.search].every((part) => part === '');
}

/** The app's address with the outcome added to its query (vital-api.md §3.2). */
export function withOutcome(redirectUrl: string, outcome: LinkOutcome): string {
  const url = new URL(redirectUrl);
  for (const ours of ['state', 'error_type', 'error']) url.searchParams.delete(ours);
  url.searchParams.set('state', outcome.state);
  if (outcome.state === 'success') return url.href;
  url.searchParams.set('error_type', outcome.errorType);
  url.searchParams.set('error', outcome.error);
  return url.href;
}

/** @returns null for what is no address, and for those that lead nowhere */
function parse(url: string): URL | null {
  const parsed = parseUrl(url);
  return parsed && !NOWHERE.has(parsed.protocol) ? parsed : null;
}

/** Apps on phones have schemes of their own (`myapp://done`): their `origin` says nothing, so its parts are compared. */
function isBelow({ protocol, host, pathname }: URL, allowed: URL): boolean {
  if (protocol !== allowed.protocol || host !== allowed.host) return false;
  const folder = allowed.pathname.endsWith('/') ? allowed.pathname : `${allowed.pathname}/`;
  return pathname === allowed.pathname || pathname.startsWith(folder);
}
