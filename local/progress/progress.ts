/** Tells a person what takes long. */
export interface Progress {
  /** @param expectedMs what it took elsewhere; corrected by its own pace as it goes on */
  task(name: string, expectedMs: number): Task;
  note(line: string): void;
}

/** One long piece of work, made of steps. */
export interface Task {
  /** @param fraction of the whole task that is done, 0 to 1 */
  at(fraction: number, doing: string): void;
  end(): void;
}

/** A task's part between two fractions, seen as a task of its own. */
export function part(task: Task, from: number, to: number): (fraction: number, doing: string) => void {
  return (fraction, doing) => task.at(from + (to - from) * Math.min(1, fraction), doing);
}

/** What is left of a task. The expectation counts less as its own pace shows. */
export function remainingMs({ fraction, elapsedMs, expectedMs }: { fraction: number; elapsedMs: number; expectedMs: number }): number {
  if (fraction <= 0) return Math.max(0, expectedMs - elapsedMs);
  const byPace = elapsedMs / fraction - elapsedMs;
  const byExpectation = expectedMs * (1 - fraction);
  return fraction * byPace + (1 - fraction) * byExpectation;
}

/** "about 4 min left", "about 40 s left", "nearly done" */
export function aboutLeft(ms: number): string {
  if (ms < 5_000) return 'nearly done';
  if (ms < 90_000) return `about ${Math.ceil(ms / 10_000) * 10} s left`;
  return `about ${Math.round(ms / 60_000)} min left`;
}
