import type { Attempts } from '../storage/attempts';
import type { NewDelivery } from '../storage/deliveries';
import type { PostOutcome } from './sender';

/** How long attempts are kept, and told of. */
export const KEEP_ATTEMPTS_MS = 30 * 86_400_000;

/** Keeps what an attempt has brought, for whoever asks. @param nextAttemptAt see AttemptDoc; null if nobody knows yet */
export async function logAttempt(
  { attempts }: { readonly attempts: Attempts },
  { teamId, endpointId, messageId }: Omit<NewDelivery, 'createdAt'>,
  outcome: PostOutcome,
  nextAttemptAt: number | null = null,
): Promise<void> {
  const { kind, at, status, error, tookMs: latencyMs } = outcome;
  const excerpt = outcome.kind === 'failed' ? outcome.excerpt : null;
  await attempts.insert({ teamId, endpointId, messageId, at, outcome: kind, status, error, latencyMs, excerpt, nextAttemptAt });
}
