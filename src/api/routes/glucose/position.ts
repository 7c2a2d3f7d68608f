import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Reading } from '../../../glucose/reading';
import type { HiddenBy, OwnerOf, ReadDays } from './readDays';

/**
 * Where a reader of pages is. Everything measured before `boundary` has been served; `edge` names what was served just before it.
 *
 * A reading can cross the boundary between two pages although nobody added it: Dexcom corrects its time, or the report of a second device
 * arrives and becomes the shown one of the pair (±30 s). So the next page looks back `SLACK_MS` for what has slipped behind the boundary,
 * and skips ahead of it what it has served before. Readings are known by all their record ids, those of other apps' connections too, so a pair
 * that changes its shown one stays one. What Dexcom moves further than `SLACK_MS` while somebody pages may be missed or come twice there; the webhooks tell it as news.
 */
export const GlucosePosition = z.object({
  user: z.string(),
  provider: z.string(),
  from: z.number(),
  to: z.number().nullable(),
  boundary: z.number(),
  /** Each with how far the boundary has moved on since, milliseconds: what is far behind cannot come back. */
  edge: z.array(z.tuple([z.string(), z.number()])),
});

export type GlucosePosition = z.infer<typeof GlucosePosition>;

export const SLACK_MS = 5 * 60_000;
/** What the next page has to know the end of this one by: twice the slack, so that nothing slips into its look-back from below. */
export const EDGE_MS = 2 * SLACK_MS;

/** Where the next page begins to look. */
export const lookFrom = ({ from, boundary }: GlucosePosition): number => Math.max(from, boundary - SLACK_MS);

/** From where on nothing can have been served before. */
export const settledFrom = (position: GlucosePosition): number =>
  position.edge.length === 0 ? lookFrom(position) : position.boundary + SLACK_MS;

/**
 * What of `read` a page holds, and where the next one begins; null if it was the last.
 * @param read everything from `lookFrom` to its `readUntil`; days taken whole are left out, which a page holds anyway
 * @param limit a page ends after so many, and after those measured at the last one's very instant: a boundary between them could not move on
 */
export function cutPage(
  { readings: found, readUntil, ownerOf, hiddenBy }: Omit<ReadDays, 'whole'>,
  position: GlucosePosition,
  limit: number,
): { readonly readings: readonly Reading[]; readonly next: GlucosePosition | null } {
  const idsOf = recordIds(ownerOf, hiddenBy);
  const fresh = unserved(found, position, idsOf);
  const last = fresh[limit - 1];
  const boundary = (last && fresh.slice(limit).find(({ at }) => at > last.at)?.at) ?? readUntil;
  if (boundary === null) return { readings: fresh, next: null };

  // Of pages of minutes, what the ones before remembered can still come back.
  const moved = boundary - position.boundary;
  const remembered = position.edge.map(([id, behindMs]) => [id, behindMs + moved] as const).filter(([, behindMs]) => behindMs < EDGE_MS);
  const edge = new Map([
    ...remembered,
    ...edgeOf(found, boundary)
      .flatMap(idsOf)
      .map((id) => [id, 0] as const),
  ]);
  return { readings: fresh.filter(({ at }) => at < boundary), next: { ...position, boundary, edge: [...edge] } };
}

function unserved(
  readings: readonly Reading[],
  { boundary, edge }: GlucosePosition,
  idsOf: (reading: Reading) => readonly string[],
): readonly Reading[] {
  if (edge.length === 0) return readings;
  const served = new Set(edge.map(([id]) => id));
  return readings.filter((reading) => reading.at >= boundary + SLACK_MS || !idsOf(reading).some((id) => served.has(id)));
}

const edgeOf = (readings: readonly Reading[], boundary: number): readonly Reading[] =>
  readings.filter(({ at }) => at >= boundary - EDGE_MS && at < boundary);

/** Eight bytes each: a cursor travels in addresses. */
const recordIds =
  (ownerOf: OwnerOf, hiddenBy: HiddenBy) =>
  (reading: Reading): string[] =>
    [reading, ...hiddenBy(reading)].flatMap((one) =>
      [one, ...one.twins].map(({ recordId }) =>
        createHash('sha256')
          .update(`${ownerOf(one)}:${recordId}`)
          .digest()
          .subarray(0, 8)
          .toString('base64url'),
      ),
    );
