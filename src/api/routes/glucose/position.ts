import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { StoredReading } from '../../../glucose/reading';
import type { ReadDays } from './readDays';

/**
 * Where a reader of pages is. Everything measured before `boundary` has been served; `edge` names what was served just before it.
 *
 * A reading can cross the boundary between two pages although nobody added it: Dexcom corrects its time, or the report of a second device
 * arrives and becomes the shown one of the pair (±30 s). So the next page looks back `SLACK_MS` for what has slipped behind the boundary,
 * and skips ahead of it what it has served before. Readings are known by all their record ids, so a pair that changes its shown one stays
 * one. What Dexcom moves further than `SLACK_MS` while somebody pages may be missed or come twice there; the webhooks tell it as news.
 */
export const GlucosePosition = z.object({
  user: z.string(),
  provider: z.string(),
  from: z.number(),
  to: z.number().nullable(),
  boundary: z.number(),
  edge: z.array(z.string()),
});

export type GlucosePosition = z.infer<typeof GlucosePosition>;

export const SLACK_MS = 5 * 60_000;

/** Where the next page begins to look. */
export const lookFrom = ({ from, boundary }: GlucosePosition): number => Math.max(from, boundary - SLACK_MS);

/**
 * What of `read` a page holds, and where the next one begins; null if it was the last.
 * @param read everything from `lookFrom` to its `readUntil`
 * @param limit a page ends after so many, and after those measured at the last one's very instant: a boundary between them could not move on
 */
export function cutPage(
  { readings: found, readUntil }: ReadDays,
  position: GlucosePosition,
  limit: number,
): { readonly readings: readonly StoredReading[]; readonly next: GlucosePosition | null } {
  const fresh = unserved(found, position);
  const last = fresh[limit - 1];
  const boundary = (last && fresh.slice(limit).find(({ at }) => at > last.at)?.at) ?? readUntil;
  if (boundary === null) return { readings: fresh, next: null };

  // A page of minutes only: what the one before remembered can still come back.
  const remembered = boundary - position.boundary < 2 * SLACK_MS ? position.edge : [];
  const edge = [...new Set([...remembered, ...edgeOf(found, boundary)])];
  return { readings: fresh.filter(({ at }) => at < boundary), next: { ...position, boundary, edge } };
}

function unserved(readings: readonly StoredReading[], { boundary, edge }: GlucosePosition): readonly StoredReading[] {
  if (edge.length === 0) return readings;
  const served = new Set(edge);
  return readings.filter((reading) => reading.at >= boundary + SLACK_MS || !recordIds(reading).some((id) => served.has(id)));
}

/** Twice the slack, so that nothing slips into the next look-back from below it. */
function edgeOf(readings: readonly StoredReading[], boundary: number): string[] {
  return readings.filter(({ at }) => at >= boundary - 2 * SLACK_MS && at < boundary).flatMap(recordIds);
}

/** Eight bytes each: a cursor travels in addresses. */
const recordIds = ({ recordId, twins }: StoredReading): string[] =>
  [recordId, ...twins.map((twin) => twin.recordId)].map((id) =>
    createHash('sha256').update(id).digest().subarray(0, 8).toString('base64url'),
  );
