import type { MessageDoc } from '../storage/messages';
import { type Dispatching, dispatch } from './dispatch';

/** Whoever recorded a message dispatches it within seconds; what is older was left by somebody who died or ran out of time. */
const OVERDUE_MS = 60_000;
const MOST_MESSAGES = 500;

/**
 * `reconcile`'s part in delivery: dispatches every team's overdue messages, oldest first. @param forMs what is not begun by then stays for the next
 * call. @returns how many messages it took up
 * @throws AggregateError of what went wrong for single teams, once all have had their turn
 */
export async function dispatchOverdue(
  deps: Dispatching,
  { forMs, overdueMs = OVERDUE_MS }: { readonly forMs: number; readonly overdueMs?: number },
): Promise<number> {
  const endAt = Date.now() + forMs;
  const overdue = await deps.messages.undispatchedBefore(Date.now() - overdueMs, MOST_MESSAGES);
  const ended = await Promise.allSettled(byTeam(overdue).map((messages) => dispatch(deps, messages, endAt)));

  const errors = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, `messages of ${errors.length} teams could not be dispatched`);
  return overdue.length;
}

function byTeam(messages: readonly MessageDoc[]): readonly (readonly MessageDoc[])[] {
  const teams = new Map<string, MessageDoc[]>();
  for (const message of messages) teams.set(message.teamId, [...(teams.get(message.teamId) ?? []), message]);
  return [...teams.values()];
}
