import type { LinkOutcome } from './linkOutcome';

/**
 * Whether a browser may be sent to `url` by a team's list: same scheme, host and port as an entry, and its path or one below it.
 * Compared as parsed, so that `https://app.example.evil.org`, `https://app.example@evil.org` and `/cb/../x` are what they are.
 */
export function isAllowedRedirect(url: string, allowed: readonly string[]): boolean {
  const wanted = parse(url);
  if (!wanted || wanted.username || wanted.password || wanted.hash) return false;
  return allowed.some((entry) => {
    const parsed = parse(entry);
    return parsed !== null && isBelow(wanted, parsed);
  });
}

/** The app's address with the outcome added to its query (vital-api.md §3.2). */
export function withOutcome(redirectUrl: string, outcome: LinkOutcome): string {
  const url = new URL(redirectUrl);
  url.searchParams.set('state', outcome.state);
  if (outcome.state === 'success') return url.href;
  url.searchParams.set('error_type', outcome.errorType);
  url.searchParams.set('error', outcome.error);
  return url.href;
}

const parse = (url: string): URL | null => (URL.canParse(url) ? new URL(url) : null);

/** Apps on phones have schemes of their own (`myapp://done`): their `origin` says nothing, so its parts are compared. */
function isBelow({ protocol, host, pathname }: URL, allowed: URL): boolean {
  if (protocol !== allowed.protocol || host !== allowed.host) return false;
  const folder = allowed.pathname.endsWith('/') ? allowed.pathname : `${allowed.pathname}/`;
  return pathname === allowed.pathname || pathname.startsWith(folder);
}
