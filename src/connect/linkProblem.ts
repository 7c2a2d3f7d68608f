import type { LinkSessionDoc } from '../storage/linkSessionDoc';
import { type LinkFailure, tokenConsumed, tokenExpired } from './linkOutcome';

/** Why a link connects nobody any more; null if it still may. @param now Unix milliseconds */
export function linkProblem({ step, expiresAt }: Pick<LinkSessionDoc, 'step' | 'expiresAt'>, now: number): LinkFailure | null {
  if (step.kind === 'consumed') return tokenConsumed;
  return expiresAt <= now ? tokenExpired : null;
}
