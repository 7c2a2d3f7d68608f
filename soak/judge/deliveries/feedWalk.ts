import type { Engine } from '../../../test/engine/engine';
import { eventually } from '../../../test/engine/eventually';

/** An event as the pull feed has it. */
export interface FeedEvent {
  readonly id: string;
  readonly type: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

interface Page {
  readonly data: readonly { readonly id: string; readonly type: string; readonly created_at: string }[];
  readonly cursor: string;
  readonly has_more: boolean;
}

const PAGE = 250;
const WITHIN = { withinMs: 120_000, everyMs: 2_000 };

/** Reads on from a cursor to the end of the feed; null begins with the oldest. @returns what came, and where to go on */
export async function readOn(engine: Engine, cursor: string | null): Promise<{ readonly events: FeedEvent[]; readonly cursor: string }> {
  const events: FeedEvent[] = [];
  for (let after = cursor; ; ) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(after !== null && { after }) });
    const page = await eventually(() => engine.call<Page>('GET', `/v2/events?${query}`), WITHIN);
    events.push(...eventsOf(page));
    after = page.cursor;
    if (!page.has_more) return { events, cursor: after };
  }
}

/** Walks the whole feed by a consumer that the engine keeps, and acknowledges each page. @returns what came, in its order */
export async function walkByConsumer(engine: Engine, name: string): Promise<FeedEvent[]> {
  const consumer = `/v2/events/consumers/${name}`;
  const events: FeedEvent[] = [];
  await eventually(() => engine.call('PUT', consumer, {}), WITHIN);
  for (;;) {
    const page = await eventually(() => engine.call<Page>('GET', `${consumer}?limit=${PAGE}`), WITHIN);
    events.push(...eventsOf(page));
    await eventually(() => engine.call('POST', `${consumer}/acknowledge`, { cursor: page.cursor }), WITHIN);
    if (!page.has_more) return events;
  }
}

const eventsOf = ({ data }: Page): FeedEvent[] => data.map(({ id, type, created_at }) => ({ id, type, createdAt: Date.parse(created_at) }));
