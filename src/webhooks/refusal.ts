import { spread } from '../workflows/backlogOutcome';
import type { BacklogPolicy } from '../workflows/backlogPolicy';

/**
 * When a message is tried again that was refused while its endpoint took others (vital-api.md §6.5).
 * @param refusals that count, this one included
 * @param retryAfterMs what the refusal asked for: it goes before a shorter wait of the ladder, within reason
 * @param random in [0, 1)
 * @returns Unix milliseconds, null if that was the last try
 */
export function retryAt(
  refusals: number,
  retryAfterMs: number | null,
  { now, random, policy }: { readonly now: number; readonly random: number; readonly policy: BacklogPolicy },
): number | null {
  const waitMs = policy.retryAfterMs[refusals - 1];
  if (waitMs === undefined) return null;
  return now + Math.max(spread(waitMs, random), Math.min(retryAfterMs ?? 0, policy.retryAfterMostMs));
}
