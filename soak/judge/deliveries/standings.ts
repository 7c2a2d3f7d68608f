import type { Engine } from '../../../test/engine/engine';
import { eventually } from '../../../test/engine/eventually';
import type { LoggedTry } from './reasonOf';

/** How an endpoint stands, as its owner is told; instants are Unix milliseconds. */
export interface Standing {
  readonly disabledAt: number | null;
  readonly disabledReason: string | null;
}

interface Listed {
  readonly id: string;
  readonly disabled_at: string | null;
  readonly disabled_reason: string | null;
}

interface ListedPage {
  readonly data: readonly Listed[];
  readonly next_cursor: string | null;
}

interface MissingPage {
  readonly data: readonly { readonly message_id: string; readonly created_at: string }[];
  readonly next_cursor: string | null;
}

interface AttemptsPage {
  readonly data: readonly { readonly at: string; readonly latency_ms: number; readonly outcome: LoggedTry['outcome'] }[];
}

const WITHIN = { withinMs: 120_000, everyMs: 2_000 };

/** Of every endpoint of the team, by its id. */
export async function standings(engine: Engine): Promise<ReadonlyMap<string, Standing>> {
  const all = new Map<string, Standing>();
  for (let query = ''; ; ) {
    const page = await eventually(() => engine.call<ListedPage>('GET', `${engine.webhooks}${query}`), WITHIN);
    for (const { id, disabled_at, disabled_reason } of page.data)
      all.set(id, { disabledAt: disabled_at === null ? null : Date.parse(disabled_at), disabledReason: disabled_reason });
    if (page.next_cursor === null) return all;
    query = `?${new URLSearchParams({ next_cursor: page.next_cursor })}`;
  }
}

/** What an owner does once their endpoint works again: enables it, and asks for what was told meanwhile. */
export async function enable(engine: Engine, id: string, disabledAt: number): Promise<void> {
  const wish = { disabled: false, catch_up_since: new Date(disabledAt).toISOString() };
  await eventually(() => engine.call('PATCH', `${engine.webhooks}/${id}`, wish), WITHIN);
}

/** @returns ids of what the engine itself says an endpoint lacks, of what was told by an instant */
export async function missing(engine: Engine, id: string, by: number): Promise<string[]> {
  const ids: string[] = [];
  for (let query = ''; ; ) {
    const page = await eventually(() => engine.call<MissingPage>('GET', `${engine.webhooks}/${id}/missing${query}`), WITHIN);
    ids.push(...page.data.filter(({ created_at }) => Date.parse(created_at) <= by).map(({ message_id }) => message_id));
    if (page.next_cursor === null) return ids;
    query = `?${new URLSearchParams({ next_cursor: page.next_cursor })}`;
  }
}

/** What the engine's log has of one message's tries. */
export async function attemptsAt(engine: Engine, id: string, messageId: string): Promise<LoggedTry[]> {
  const query = new URLSearchParams({ message_id: messageId, limit: '250' });
  const { data } = await eventually(() => engine.call<AttemptsPage>('GET', `${engine.webhooks}/${id}/attempts?${query}`), WITHIN);
  return data.map(({ at, latency_ms, outcome }) => ({ at: Date.parse(at), latencyMs: latency_ms, outcome }));
}
