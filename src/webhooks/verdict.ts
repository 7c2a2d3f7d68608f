import type { Trouble } from '../activities/backlogActivities';

/**
 * What one answer says. `busy`: the endpoint wants less of everything. `refused`: its fault or the message's, which only another message can
 * tell. `gone`: it asks to be left alone for good (Standard Webhooks). `unanswered`: nobody knows whether the message arrived.
 */
export type Verdict = 'accepted' | 'refused' | 'busy' | 'gone' | 'unanswered';

const GONE = 410;
const BUSY: readonly number[] = [429, 502, 503, 504];

/** @param status null if no answer came. Redirects are not followed: a 3xx refuses */
export function verdictOf(status: number | null): Verdict {
  if (status === null) return 'unanswered';
  if (status >= 200 && status < 300) return 'accepted';
  if (status === GONE) return 'gone';
  return BUSY.includes(status) ? 'busy' : 'refused';
}

/** Whether a failure may be the message's fault and not its endpoint's. */
export function mayBeTheMessage(status: number | null): boolean {
  const verdict = verdictOf(status);
  return verdict === 'refused' || verdict === 'unanswered';
}

/** Whether nobody knows if it arrived: an endpoint that is away answers like that to everything. */
export const isUnanswered = (status: number | null): boolean => verdictOf(status) === 'unanswered';

/** What the failure of a single message says of its endpoint. */
export function troubleOf(status: number | null): Trouble {
  const verdict = verdictOf(status);
  if (verdict === 'refused') return 'doubtful';
  return verdict === 'busy' ? 'busy' : 'unanswered';
}
