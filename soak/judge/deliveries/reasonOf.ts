import type { Tried } from '../../endpoints/tried';
import type { Struck } from '../../strikes/keepStriking';

/** Why an endpoint was sent a message again that it had taken; null: at-least-once delivery does not explain it. */
export type Reason = string | null;

/** A try as the engine's own log has it; Unix milliseconds. */
export interface LoggedTry {
  readonly at: number;
  readonly latencyMs: number;
  readonly outcome: 'accepted' | 'failed';
}

export interface Repeat {
  /** The time it was taken … */
  readonly before: Tried;
  /** … and the next. */
  readonly again: Tried;
  /** Of this message and endpoint. */
  readonly log: readonly LoggedTry[];
  readonly struck: readonly Struck[];
  /** When workers were told that Temporal had given a task of theirs up; Unix milliseconds. */
  readonly givenUpAt: readonly number[];
}

/** An answer that came after so long may have come when nobody waited for it any more: `SLOW_MS` of an inline try, 15 s of others. */
const LATE_MS = 1_900;
/** What was taken is recorded within so long of the answer, on a busy machine. */
const RECORDED_MS = 3_000;
/** A request may be on its way while the kill is. */
const BEFORE_MS = 500;
/** Whoever goes on with a task that was given up hears of it at its end: a dispatch lasts 4 s, where the machine lets it. */
const HEARD_MS = 10_000;
const ROUNDED_MS = 50;

/** For how long after a strike's end something of it may still be repeated; strikes that repeat nothing are left out. */
const AFTERMATH_MS: Readonly<Record<string, number>> = {
  'worker killed': 0,
  'all workers killed': 0,
  'process ended by itself': 0,
  // Who stood still goes on where it was, and has missed its own deadlines.
  'worker frozen': 5_000,
  // Writes fail until the driver has found it again.
  'database killed': 5_000,
  'Temporal killed': 5_000,
};
/** The death of these is over in an instant: who comes back has no part in what was under way. */
const INSTANTS: readonly string[] = ['worker killed', 'all workers killed'];

/** By the endpoint's script, by the engine's log of attempts, by the times of strikes, by the workers' logs, in this order. */
export function reasonOf({ before, again, log, struck, givenUpAt }: Repeat): Reason {
  if (before.manner === 'resetAfterReading') return 'it was reset after it was read';
  if (before.manner === 'late' && before.lastedMs >= LATE_MS) return 'it was answered too late';
  if (log.some((one) => one.outcome === 'failed' && covers(one, before))) return 'its answer was not seen in time, by the attempts’ log';
  const strike = struck.find((one) => mayHaveHit(one, before));
  if (strike) return strike.name;
  const bothTaken = log.filter(({ outcome }) => outcome === 'accepted').length > 1;
  const givenUp = givenUpAt.some((heardAt) => heardAt >= before.at && heardAt <= again.at + HEARD_MS);
  return bothTaken && givenUp ? 'Temporal had given up its dispatch, which went on beside the next' : null;
}

const covers = ({ at, latencyMs }: LoggedTry, tried: Tried): boolean =>
  tried.at >= at - ROUNDED_MS && tried.at <= at + latencyMs + ROUNDED_MS;

/** Between a post and its record. */
function mayHaveHit({ name, at, until }: Struck, before: Tried): boolean {
  const aftermathMs = AFTERMATH_MS[name];
  if (aftermathMs === undefined) return false;
  const endAt = INSTANTS.includes(name) ? at : until + aftermathMs;
  return at <= before.at + before.lastedMs + RECORDED_MS && endAt >= before.at - BEFORE_MS;
}
