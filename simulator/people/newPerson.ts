import type { Recording } from '../clarity/recording';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../duration';
import type { OddityName } from '../oddities/oddities';
import { draw } from '../physiology/draw';
import { type Span, withPace } from './pace';
import type { DeviceProfile, Person } from './person';
import { DEFAULT_SWITCHES, type Switches } from './switches';

/** How dense the history is that a person arrives with, whatever their sensor does from then on. */
const HISTORY_STEP_MS = 5 * MINUTE_MS;
/** This share of a recording lies before its person's arrival; the rest is still to come. */
const RECORDED_BEFORE = 0.8;

export interface NewPerson {
  readonly id: string;
  /** The person's number (`Body.seed`). */
  readonly seed: number;
  readonly now: number;
  readonly historyDays: number;
  /** Null: five minutes, or a recording's own pace. */
  readonly intervalMs: number | null;
  readonly delayMs: number;
  readonly zone: string;
  readonly device: DeviceProfile;
  readonly oddities: readonly OddityName[];
  /** Those that are not as by default. */
  readonly switches: Partial<Switches>;
}

/** Somebody whose body is simulated: a history every five minutes, then the given interval. */
export function simulatedPerson(wish: NewPerson): Person {
  const beat = Math.floor(draw(wish.seed, 8, 0x5e) * (HISTORY_STEP_MS / SECOND_MS)) * SECOND_MS;
  // On a beat of its own, whenever it is watched from: simulators of one seed agree on what they both have.
  const start = Math.ceil((wish.now - wish.historyDays * DAY_MS - beat) / HISTORY_STEP_MS) * HISTORY_STEP_MS + beat;
  const history: Span = { from: start, index: 0, at: start, pace: { kind: 'every', stepMs: HISTORY_STEP_MS } };
  const intervalMs = wish.intervalMs ?? HISTORY_STEP_MS;
  const live = intervalMs === HISTORY_STEP_MS ? [history] : withPace([history], null, { kind: 'every', stepMs: intervalMs }, wish.now);
  return { ...common(wish), source: { kind: 'physiology' }, spans: live };
}

/** Somebody who tells a recording again: most of it before now, the rest from now on, round after round. */
export function replayingPerson(wish: NewPerson, recording: Recording): Person {
  const before = Math.max(1, Math.floor(recording.rows.length * RECORDED_BEFORE));
  const past = toldUpTo(recording, before, wish.now);
  const spans =
    wish.intervalMs === null ? [past] : withPace([past], recording.rhythm, { kind: 'every', stepMs: wish.intervalMs }, wish.now);
  return { ...common(wish), source: { kind: 'recording', recordingId: recording.id }, spans };
}

/** Somebody whose whole recording is behind them: nothing ever comes after it. */
export function recordedPerson(wish: NewPerson, recording: Recording): Person {
  const past = toldUpTo(recording, recording.rows.length, wish.now);
  return {
    ...common(wish),
    source: { kind: 'recording', recordingId: recording.id },
    spans: withPace([past], recording.rhythm, { kind: 'none' }, wish.now),
  };
}

/** The recording moved by one whole number of seconds, so that its first `count` readings have just been taken; order and gaps stay. */
function toldUpTo({ rows, rhythm }: Recording, count: number, now: number): Span {
  const last = rows[count - 1];
  const first = rows[0];
  if (!first || !last) throw new RangeError('A recording has at least one reading');
  const shiftMs = wholeSeconds(now - last.recordedAt);
  const at = first.recordedAt + shiftMs;
  return { from: at, index: 0, at: at + (rhythm.offsets[0] ?? 0), pace: { kind: 'recorded' } };
}

const common = ({ id, now, delayMs, zone, device, oddities, switches }: NewPerson) => ({
  id,
  createdAt: now,
  delays: [{ from: 0, delayMs }],
  device,
  zone,
  oddities,
  corrections: [],
  ...(Object.keys(switches).length > 0 && { switches: [{ from: 0, switches: { ...DEFAULT_SWITCHES, ...switches } }] }),
});

const wholeSeconds = (ms: number): number => Math.floor(ms / SECOND_MS) * SECOND_MS;
