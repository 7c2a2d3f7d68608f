import { z } from '@hono/zod-openapi';
import { appOf } from '../../../connect/appOf';
import { byConsent } from '../../../connect/consentOrder';
import { standing } from '../../../records/standing';
import type { Cursors } from '../../../security/cursors';
import type { ConnectionDoc } from '../../../storage/connectionDoc';
import type { RecordDoc, Records } from '../../../storage/records';

/** Where a reader of pages is: everything before `boundary` has been served. */
export const SiblingPosition = z.object({
  user: z.string(),
  resource: z.string(),
  provider: z.string(),
  from: z.number(),
  to: z.number().nullable(),
  boundary: z.number(),
});
export type SiblingPosition = z.infer<typeof SiblingPosition>;
export type SiblingCursors = Cursors<SiblingPosition>;

const RECORDS_PER_PAGE = 1_000;
/** An event and what changed it have their second in common. */
const SECOND_MS = 1_000;

export interface SiblingPage {
  /** By connection, the one consented to last first; each by time. */
  readonly found: readonly (readonly RecordDoc[])[];
  /** Where the next page begins; null after the last. Unix milliseconds. */
  readonly next: number | null;
}

/** What stands of some connections' records from `from` to `to` (null: open), about a page's worth. */
export async function siblingPage(
  records: Records,
  connections: readonly ConnectionDoc[],
  { types, from, to }: { readonly types: readonly string[]; readonly from: number; readonly to: number | null },
): Promise<SiblingPage> {
  const latestFirst = connections.toSorted((a, b) => byConsent(b, a));
  const read = await Promise.all(latestFirst.map((connection) => readOne(records, connection, { types, from, to: to ?? Infinity })));
  const readUntil = Math.min(...read.map((one) => one.readUntil));
  const stands = read.map(({ docs, ids }) => {
    const before = docs.filter(({ at }) => at < readUntil);
    return standing(before, ids).toSorted((a, b) => a.at - b.at);
  });
  return { found: onceEach(latestFirst, stands), next: readUntil === Infinity ? null : readUntil };
}

async function readOne(
  records: Records,
  connection: ConnectionDoc,
  { types, from, to }: { types: readonly string[]; from: number; to: number },
) {
  const { bounds } = connection;
  const within = { from: Math.max(from, bounds?.from ?? -Infinity), to: Math.min(to, bounds?.to ?? Infinity) };
  const docs = await records.page({ connection, types, ...within }, RECORDS_PER_PAGE);
  const last = docs.length < RECORDS_PER_PAGE ? undefined : docs.at(-1);
  const ids: 'stay' | 'unknown' = connection.records?.idsStay ? 'stay' : 'unknown';
  // Never between an event and what changed it, and always further than where it began.
  return { docs, ids, readUntil: last ? Math.max(from + SECOND_MS, Math.floor(last.at / SECOND_MS) * SECOND_MS) : Infinity };
}

/** A person who came back through another app of Dexcom's has everything twice, under other ids (docs/adr/0013). */
function onceEach(connections: readonly ConnectionDoc[], stands: readonly (readonly RecordDoc[])[]): readonly (readonly RecordDoc[])[] {
  const shownBy = new Map<string, string>();
  return stands.map((records, n) => {
    const connection = connections[n];
    const app = connection ? JSON.stringify(appOf(connection)) : '';
    return records.filter(({ at, type, subType, value }) => {
      const same = JSON.stringify([at, type, subType, value]);
      const shown = shownBy.get(same) ?? app;
      shownBy.set(same, shown);
      return shown === app;
    });
  });
}
