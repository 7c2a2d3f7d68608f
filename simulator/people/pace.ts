/**
 * A stretch of time in which readings are taken in one manner. Slots are numbered through all spans; slot `index` is at instant `at`.
 * `every`: one each `stepMs`. `recorded`: at the recording's own pace, which repeats when it ends. `none`: no sensor is worn.
 */
export interface Span {
  /** First instant at which this span rules. */
  readonly from: number;
  readonly index: number;
  readonly at: number;
  readonly pace: Pace;
}

export type Pace = { readonly kind: 'every'; readonly stepMs: number } | { readonly kind: 'recorded' } | { readonly kind: 'none' };

/** Nominal instants of a recording's readings, in milliseconds since its first. */
export interface Rhythm {
  readonly offsets: readonly number[];
  /** First reading to first reading of the next round. */
  readonly roundMs: number;
}

export interface Slot {
  readonly index: number;
  readonly nominalAt: number;
}

/** Real sensors are a second or two off their beat (dexcom-api.md §3.3). */
const MOST_JITTER_MS = 2_000;

/** @returns the most a reading can be off its slot's nominal instant, either way */
export const jitterBound = (stepMs: number): number => Math.min(MOST_JITTER_MS, stepMs / 10);

/** The slots with `from <= nominalAt < to`, oldest first. */
export function slotsBetween(spans: readonly Span[], rhythm: Rhythm | null, from: number, to: number): Slot[] {
  return spans.flatMap((span, n) => {
    const end = Math.min(to, spans[n + 1]?.from ?? Number.POSITIVE_INFINITY);
    return slotsOf(span, rhythm, Math.max(from, span.from), end);
  });
}

/** @returns the spans once the pace has changed at `now`: what was measured stays, the next reading comes one step later */
export function withPace(spans: readonly Span[], rhythm: Rhythm | null, pace: Pace, now: number): Span[] {
  const current = spans.at(-1);
  if (!current) throw new RangeError('A person has at least one span');
  const index = nextIndex(current, rhythm, now);
  return [...spans, { from: now + 1, index, at: now + gapBefore(index, rhythm, pace), pace }];
}

function slotsOf(span: Span, rhythm: Rhythm | null, from: number, to: number): Slot[] {
  if (span.pace.kind === 'none' || from >= to) return [];
  const slots: Slot[] = [];
  for (let index = firstIndexFrom(span, rhythm, from); ; index++) {
    const nominalAt = nominal(span, rhythm, index);
    if (nominalAt >= to) return slots;
    slots.push({ index, nominalAt });
  }
}

function nominal({ index, at, pace }: Span, rhythm: Rhythm | null, wanted: number): number {
  if (pace.kind === 'every') return at + (wanted - index) * pace.stepMs;
  return at + sinceFirst(wanted, rhythm) - sinceFirst(index, rhythm);
}

function firstIndexFrom(span: Span, rhythm: Rhythm | null, instant: number): number {
  if (instant <= span.at) return span.index;
  if (span.pace.kind === 'every') return span.index + Math.ceil((instant - span.at) / span.pace.stepMs);
  const wanted = instant - span.at + sinceFirst(span.index, rhythm);
  const { offsets, roundMs } = required(rhythm);
  const round = Math.floor(wanted / roundMs);
  const within = wanted - round * roundMs;
  const found = lowerBound(offsets, within);
  return round * offsets.length + found;
}

const nextIndex = (span: Span, rhythm: Rhythm | null, now: number): number =>
  span.pace.kind === 'none' ? span.index : firstIndexFrom(span, rhythm, now + 1);

function gapBefore(index: number, rhythm: Rhythm | null, pace: Pace): number {
  if (pace.kind === 'every') return pace.stepMs;
  if (pace.kind === 'none' || index === 0) return 1;
  return sinceFirst(index, rhythm) - sinceFirst(index - 1, rhythm);
}

function sinceFirst(index: number, rhythm: Rhythm | null): number {
  const { offsets, roundMs } = required(rhythm);
  const round = Math.floor(index / offsets.length);
  return round * roundMs + (offsets[index - round * offsets.length] ?? 0);
}

/** The first position whose value is at least `wanted`. */
function lowerBound(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function required(rhythm: Rhythm | null): Rhythm {
  if (!rhythm) throw new TypeError('The recorded pace needs a recording');
  return rhythm;
}
