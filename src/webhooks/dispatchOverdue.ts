import type { MessageDoc } from '../storage/messages';
import { type Dispatching, dispatch } from './dispatch';

/** Whoever recorded a message dispatches it within seconds; what is older was left by somebody who died or ran out of time. */
const OVERDUE_MS = 60_000;
const MOST_MESSAGES = 500;

interface Round {
  /** What is not begun by then stays for the next call. */
  readonly forMs: number;
  readonly overdueMs?: number;
}

/**
 * `reconcile`'s part in delivery: leaves every team's overdue messages to the backlogs of their endpoints, oldest first. Their own workflows may be
 * at it too. @returns how many messages it took up
 * @throws AggregateError of what went wrong for single teams, once all have had their turn
 */
export async function dispatchOverdue(deps: Dispatching, { forMs, overdueMs = OVERDUE_MS }: Round): Promise<number> {
  const began = Date.now();
  const endAt = began + forMs;
  const taken = new Set<string>();
  while (Date.now() < endAt) {
    const overdue = await deps.messages.undispatchedBefore(began - overdueMs, MOST_MESSAGES);
    if (overdue.length === 0) break;
    for (const { _id } of overdue) taken.add(_id);
    await dispatchAll(deps, overdue, endAt);
  }
  return taken.size;
}

async function dispatchAll(deps: Dispatching, overdue: readonly MessageDoc[], endAt: number): Promise<void> {
  const ended = await Promise.allSettled(byTeam(overdue).map((messages) => dispatch(deps, messages, endAt)));
  const errors = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, `messages of ${errors.length} teams could not be dispatched`);
}

function byTeam(messages: readonly MessageDoc[]): readonly (readonly MessageDoc[])[] {
  const teams = new Map<string, MessageDoc[]>();
  for (const message of messages) teams.set(message.teamId, [...(teams.get(message.teamId) ?? []), message]);
  return [...teams.values()];
}
