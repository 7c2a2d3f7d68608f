import { repeated } from '../../../test/engine/judge';

/** @param walked ids in the feed's order @param pushed ids that somebody was sent before the walk; pure */
export function compareFeed(
  walked: readonly string[],
  pushed: ReadonlySet<string>,
): { readonly twice: readonly string[]; readonly absent: readonly string[] } {
  const there = new Set(walked);
  return { twice: repeated(walked), absent: [...pushed].filter((id) => !there.has(id)) };
}
