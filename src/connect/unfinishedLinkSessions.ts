import type { LinkSessionDoc } from '../storage/linkSessionDoc';
import { pagesByInstant } from '../storage/pagesByInstant';
import type { ConnectServices } from './connectServices';

/** A callback settles its own consent within seconds; what is older, somebody died over. */
const LEFT_OVER_AFTER_MS = 30_000;

/** Pages of the sessions whose consent nobody has settled, oldest first, for `reconcile` to complete: all of them, whatever becomes of the first. */
export function unfinishedLinkSessions(
  { linkConsents }: Pick<ConnectServices, 'linkConsents'>,
  {
    now,
    pageSize,
    leftOverAfterMs = LEFT_OVER_AFTER_MS,
  }: { readonly now: number; readonly pageSize: number; readonly leftOverAfterMs?: number },
): AsyncGenerator<LinkSessionDoc[]> {
  const before = now - leftOverAfterMs;
  return pagesByInstant(pageSize, consentedAt, (size, since) => linkConsents.unfinished(before, size, since));
}

const consentedAt = ({ step }: LinkSessionDoc): number => (step.kind === 'consumed' ? step.consentedAt : 0);
