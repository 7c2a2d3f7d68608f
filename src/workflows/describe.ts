import { type BackfillWindows, isComplete, windowsLeft } from '../freshness/backfillWindows';
import type { SyncPolicy } from '../freshness/policy';
import { lifeOfState } from './lifeOfState';
import type { Pull, Step } from './nextStep';
import { errorOf, phaseOf } from './phase';
import type { LiveState, SyncState } from './syncState';

/** Whose connection it is: told by every run, since the summary it was started with is shown on the first one's page alone. */
export interface Identity {
  readonly connectionId: string;
  readonly userId: string;
  readonly teamId: string;
}

const LONGEST_BY_TIMES_MS = 2 * 86_400_000;

/** What a platform engineer reads on this workflow's page in the Temporal UI: a few lines of markdown, no health data. */
export function describe({ connectionId, userId, teamId }: Identity, state: SyncState, step: Step, policy: SyncPolicy): string {
  const lines = [
    ['state', life(state)],
    ['phase', phaseOf(state)],
    ['now', doing(step)],
    ['history', history(state, policy)],
    ['last poll', state.live.lastPollAt === null ? 'none yet' : clock(state.live.lastPollAt)],
    ['next poll', nextPoll(state, step)],
    ['last error', lastError(state)],
    ['access token', `until ${clock(state.token.expiresAt)}`],
  ];
  return [
    `Keeps the Dexcom account of user ${userId} up to date (connection ${connectionId}, team ${teamId}).`,
    lines.map(([name, value]) => `- **${name}**: ${value}`).join('\n'),
    BUTTONS,
  ].join('\n\n');
}

const BUTTONS =
  'Update `refresh` polls now; signals `pause`, `resume`, `disconnect`. **Cancel** means pause, **Terminate** is repaired within minutes, **Reset** is safe.';

/** One line for a timer or an activity of the history view. */
export function summarize(step: Step): string {
  if (step.kind === 'pull') return `${step.purpose}: ${span(step)}`;
  if (step.kind === 'refreshToken') return `access token ${step.reason}`;
  return doing(step);
}

function doing(step: Step): string {
  switch (step.kind) {
    case 'pull':
      return pulling(step);
    case 'refreshToken':
      return `renewing the access token (${step.reason})`;
    case 'load':
      return 'reading the connection';
    case 'writeWish':
      return `writing the wish: ${step.desired}`;
    case 'wait':
      return step.until === null ? step.why : `${step.why} ${clock(step.until)}`;
  }
}

const pulling = ({ purpose, from, to }: Pull): string => `${purpose} pull, ${clock(from)} to ${clock(to)}`;

function life(syncState: SyncState): string {
  const now = lifeOfState(syncState);
  if (now === null) return 'not read yet';
  const { state, reason, since, whatNext } = now;
  return `${state}${reason === null ? '' : ` (${reason})`}${since === null ? '' : ` since ${clock(since)}`}. ${whatNext}`;
}

function history({ backfill, troubled }: SyncState, { longestWindowMs }: SyncPolicy): string {
  if (!backfill) return 'nothing to read';
  const { floor, ceiling, doneBackTo } = backfill;
  const total = windowsBetween(floor, ceiling, longestWindowMs);
  if (isComplete(backfill)) return `complete, ${total} of ${total} windows`;
  const left = windowCount(backfill, longestWindowMs);
  const failing = troubled.map(
    ({ to, failures, nextTryAt }) => `; the one up to ${day(to)} failed ${failures}×, next try ${clock(nextTryAt)}`,
  );
  return `${total - left} of ${total} windows, back to ${day(doneBackTo)}${failing.join('')}`;
}

const windowCount = (backfill: BackfillWindows, longestMs: number): number => Array.from(windowsLeft(backfill, longestMs)).length;

const windowsBetween = (from: number, to: number, longestMs: number): number => Math.ceil((to - from) / longestMs);

function nextPoll({ live, desired, token }: SyncState, step: Step): string {
  if (step.kind === 'pull' && step.purpose !== 'backfill') return 'now';
  if (desired !== 'running' || token.needsReauth !== null) return 'none';
  return `${clock(live.nextPollAt)}, ${whyThen(live)}`;
}

function whyThen({ putOff, failures }: LiveState): string {
  if (putOff) return `put off, nothing has failed (${putOff})`;
  return failures > 0 ? `after ${failures} failed in a row` : 'when the next reading is due';
}

function lastError(state: SyncState): string {
  const type = errorOf(state);
  if (type === null) return 'none';
  const { refusals, failures } = state.token;
  return `${type}${refusals > 0 ? `, grant refused ${refusals}×` : ''}${failures > 0 ? `, token not renewed ${failures}×` : ''}`;
}

/** Long ones by their days, short ones by the time of day, and its day but once if it is one. */
function span({ from, to }: Pull): string {
  if (to - from > LONGEST_BY_TIMES_MS) return `${day(from)} to ${day(to)}`;
  const end = clock(to);
  return `${second(from)} to ${day(from) === day(to) ? end.slice(day(to).length + 1) : end}`;
}

const clock = (instant: number): string => `${second(instant)} UTC`;

const second = (instant: number): string => new Date(instant).toISOString().slice(0, 19).replace('T', ' ');

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
