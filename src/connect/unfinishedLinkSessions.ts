import type { ConnectServices } from './connectServices';

/** A callback settles its own consent within seconds; what is older, somebody died over. */
const LEFT_OVER_AFTER_MS = 30_000;

/** Sessions whose consent nobody has settled, oldest first, for `reconcile` to complete. */
export async function unfinishedLinkSessions(
  { linkSessions }: Pick<ConnectServices, 'linkSessions'>,
  { now, limit, leftOverAfterMs = LEFT_OVER_AFTER_MS }: { readonly now: number; readonly limit: number; readonly leftOverAfterMs?: number },
): Promise<readonly string[]> {
  const found = await linkSessions.unfinished(now - leftOverAfterMs, limit);
  return found.map(({ _id }) => _id);
}
