/** `[from, to)`, Unix milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** How far a connection's history has been read. Windows are taken newest first and meet: one's `from` is the next one's `to`. */
export interface BackfillWindows {
  readonly floor: number;
  readonly ceiling: number;
  /** Everything from here to `ceiling` is done but for what was skipped. */
  readonly doneBackTo: number;
  /** Windows left behind because they failed, newest first; they are tried again while older ones are read. Absent: none. */
  readonly skipped?: readonly Window[] | undefined;
}

/** The progress once `done` has been read: a skipped window is struck out; a window below unread ones leaves those behind as skipped. */
export function afterWindow<B extends BackfillWindows>(progress: B, done: Window): B & { readonly skipped: readonly Window[] } {
  const { doneBackTo, skipped = [] } = progress;
  const left = skipped.flatMap((window) => without(window, done));
  if (done.from >= doneBackTo) return { ...progress, skipped: left };

  const gap = done.to < doneBackTo ? [{ from: done.to, to: doneBackTo }] : [];
  return { ...progress, doneBackTo: done.from, skipped: [...left, ...gap] };
}

/** Whether all of the history has been read. */
export const isComplete = ({ floor, doneBackTo, skipped = [] }: BackfillWindows): boolean => doneBackTo <= floor && skipped.length === 0;

/** Live pulls and sweeps never reach below this: what lies there has not been read as history yet, so they would announce it as news. */
export const unbrokenBackTo = ({ doneBackTo, skipped = [] }: BackfillWindows): number => skipped[0]?.to ?? doneBackTo;

/** The windows still to be read, newest first; each at most `longestMs`. */
export function* windowsLeft({ floor, doneBackTo, skipped = [] }: BackfillWindows, longestMs: number): Generator<Window> {
  for (const { from, to } of skipped) yield* windowsOf({ from, to }, longestMs);
  yield* windowsOf({ from: floor, to: doneBackTo }, longestMs);
}

/** A stretch of time in windows, newest first. */
export function* windowsOf({ from, to }: Window, longestMs: number): Generator<Window> {
  for (let end = to; end > from; end -= longestMs) yield { from: Math.max(from, end - longestMs), to: end };
}

function without(window: Window, done: Window): Window[] {
  const above = { from: Math.max(window.from, done.to), to: window.to };
  const below = { from: window.from, to: Math.min(window.to, done.from) };
  return [above, below].filter(({ from, to }) => from < to);
}
