import type { LedgerReading } from '../../simulator/ledger/ledgerReading';
import type { Engine } from './engine';
import type { Arrival } from './receiver';

/** A reading as the API answers it or an event carries it. */
export interface ApiSample {
  readonly timestamp: string;
  readonly value: number;
  readonly value_mg_per_dl: number | null;
  readonly record_id: string;
  readonly timezone_offset: number | null;
  readonly trend: string | null;
  readonly out_of_range: 'low' | 'high' | null;
  readonly status: string | null;
  readonly system_time: string;
  readonly display_time: string | null;
  readonly device: { readonly transmitter_id: string | null; readonly display_device: string | null };
  readonly also_reported: readonly { readonly record_id: string; readonly display_device: string | null }[];
}

interface GroupedPage {
  readonly groups: Readonly<Record<string, readonly { readonly data: readonly ApiSample[] }[]>>;
  readonly next_cursor: string | null;
}

/** Every reading of a user, page by page, as an app would read it. */
export async function allReadings(engine: Engine, userId: string, start = '2000-01-01'): Promise<ApiSample[]> {
  const samples: ApiSample[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ start_date: start, ...(cursor === null ? {} : { next_cursor: cursor }) });
    const page: GroupedPage = await engine.call('GET', `/v2/timeseries/${userId}/glucose/grouped?${query}`);
    samples.push(...Object.values(page.groups).flatMap((groups) => groups.flatMap(({ data }) => data)));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return samples;
}

/** Readings that events of one type have carried, over distinct message ids. */
export const announced = (arrivals: readonly Arrival[], userId: string): ApiSample[] =>
  arrivals.filter(({ body }) => body.user_id === userId).flatMap(({ body }) => body.data.data as ApiSample[]);

/** What the simulator's ledger says was visible at Dexcom at `visibleAt`, of what was measured since `from`. */
export const visible = (engine: Engine, person: string, visibleAt: number, from = 0): Promise<LedgerReading[]> =>
  engine.simulator.control.readings(person, { from, visibleAt, clientId: engine.simulator.clientId });

/** Ids that stand there more than once. */
export function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}
