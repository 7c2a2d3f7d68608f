import type { ReplayWish } from '../../storage/replays';
import type { WebhookEndpointDoc } from '../../storage/webhookEndpointDoc';
import { beginningOf } from './beginningOf';
import { choosePage, type Past } from './choosePage';

export interface ReplayCount {
  readonly wouldSend: number;
  /** On their way anyway. */
  readonly waiting: number;
  /** False if there was no time to look at all of it. */
  readonly isComplete: boolean;
}

const PAGE = 500;
const COUNT_FOR_MS = 5_000;

/** What a replay would send if it began now. Changes nothing. */
export async function countReplay(past: Past, endpoint: WebhookEndpointDoc, wish: ReplayWish): Promise<ReplayCount> {
  const startedAt = Date.now();
  let after = beginningOf(wish);
  let wouldSend = 0;
  let waiting = 0;
  for (;;) {
    const page = await choosePage(past, endpoint, { wish, startedAt, after }, null, PAGE);
    wouldSend += page.chosen.length;
    waiting += page.waiting.length;
    if (!page.after) return { wouldSend, waiting, isComplete: true };
    if (Date.now() > startedAt + COUNT_FOR_MS) return { wouldSend, waiting, isComplete: false };
    after = page.after;
  }
}
